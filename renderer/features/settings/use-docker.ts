/** How the stack on Docker does, followed while it is looked at. */
import { useCallback, useEffect, useState } from 'react';
import type { DesktopBridge, DockerStatus } from '../../../proto/desktop-bridge.ts';

export type DockerControl = ReturnType<typeof useDocker>;

/** Every so often (ms) it is looked again: containers come and go by themselves. */
const lookEveryMs = 3_000;
const looking: DockerStatus = { phase: 'looking', services: [], text: null, log: [] };

/** @param isShown Docker is asked only while it is. */
export function useDocker(bridge: DesktopBridge, isShown: boolean) {
  const [status, setStatus] = useState(looking);
  const take = useCallback(async (question: DesktopBridge['dockerStatus']) => {
    const answer = await question();
    const found: DockerStatus = answer.ok
      ? answer.value
      : { phase: 'unavailable', services: [], text: answer.error.message, log: [] };
    setStatus(found);
    return found.phase === 'running';
  }, []);

  useEffect(() => {
    if (!isShown) return;
    const stopListening = bridge.onDockerStatus(setStatus);
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    const follow = async () => {
      await take(bridge.dockerStatus);
      if (!isOver) timer = setTimeout(() => void follow(), lookEveryMs);
    };
    void follow();
    return () => {
      isOver = true;
      clearTimeout(timer);
      stopListening();
    };
  }, [bridge, isShown, take]);

  return {
    status,
    async look() {
      setStatus(looking);
      await take(bridge.dockerStatus);
    },
    /** Answers whether it runs then. */
    start: () => take(bridge.startDocker),
    stop: () => take(bridge.stopDocker),
  };
}
