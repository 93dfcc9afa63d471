import type { TeamSettings } from '../desktop-bridge.ts';

/** A team's settings before anybody has typed some. */
export const emptyTeam: TeamSettings = {
  ticketServiceAddress: '',
  nsqdAddress: '',
  tls: false,
  nsqdTls: false,
  caFile: '',
  certFile: '',
  keyFile: '',
};
