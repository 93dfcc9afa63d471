/** Each of vitest's workers opens its windows on a display of its own, so that no other one's takes the focus. */
const displays = JSON.parse(process.env.E2E_DISPLAYS ?? '[]') as NodeJS.ProcessEnv[];
Object.assign(process.env, displays[Number(process.env.VITEST_POOL_ID) - 1]);
