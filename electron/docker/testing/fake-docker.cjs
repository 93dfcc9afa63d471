#!/usr/bin/env node
/**
 * Stands where `docker` would, for what can't be had here: it answers as scenario.json beside it says, from the
 * subcommand of `docker compose` to what it prints and how it ends. What it was asked is written to calls.log.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const folder = process.env.FAKE_DOCKER;
const args = process.argv.slice(2);
appendFileSync(join(folder, 'calls.log'), `${JSON.stringify(args)}\n`);
const scenario = JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8'));
const answer = Object.entries(scenario).find(([name]) => args.includes(name))?.[1] ?? {};

process.stdout.write(answer.stdout ?? '');
process.stderr.write(answer.stderr ?? '');
process.exitCode = answer.code ?? 0;
if (answer.hangs) setInterval(() => undefined, 1_000);
