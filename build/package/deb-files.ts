/**
 * The texts in a Debian package: what dpkg is told (https://www.debian.org/doc/debian-policy), what desktops are
 * (https://specifications.freedesktop.org/desktop-entry-spec, https://www.freedesktop.org/software/appstream/docs).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../bundle.ts';

/** Where the unpacked app goes; root's alone. */
export const libFolder = 'usr/lib/ticket-desk';
export const componentId = 'org.ticketdesk.TicketDesk';

/** What the packed app says of itself. */
export interface AppManifest {
  name: string;
  productName: string;
  version: string;
  description: string;
  license: string;
  homepage: string;
}

/** By https://packages.debian.org: what Electron and Postgres are linked to and don't bring along. */
const libraries = [
  'libc6 (>= 2.31)',
  'libcairo2',
  'libdbus-1-3',
  'libdrm2',
  'libexpat1',
  'libgbm1',
  'libgcc-s1',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libstdc++6',
  'libudev1',
  'libx11-6',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
];

/** Debian 13 and Ubuntu 24.04 gave these a new name with t64 at its end. */
const renamedLibraries = [
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libatspi2.0-0',
  'libcups2',
  'libglib2.0-0',
  'libgtk-3-0',
];

/** The packages without which the app does not start, as a control file says it. */
export function depends(): string {
  const renamed = renamedLibraries.map((name) => `${name}t64 | ${name}`);
  // xdg-utils opens links in the browser. In a set order, so that the same app makes the same package.
  return [...libraries, ...renamed, 'xdg-utils'].sort().join(', ');
}

interface LinuxOptions {
  maintainer: string;
  synopsis: string;
  desktop: { entry: Record<'Name' | 'GenericName' | 'Categories' | 'Keywords', string> };
}

/** What electron-builder.yml says for all kinds of packages for Linux. */
const linux: LinuxOptions = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')).linux;
const { entry } = linux.desktop;

/** Without the stand-in for builds that belong to no project's page. */
function realHomepage({ homepage }: AppManifest): string | null {
  return new URL(homepage).hostname.endsWith('.invalid') ? null : homepage;
}

/** Lines of at most 79 characters. */
function wrapped(text: string): string[] {
  return text.match(/\S.{0,78}(?=\s|$)/g) ?? [];
}

/** @param installedKib what its files take, in KiB */
export function control(manifest: AppManifest, architecture: string, installedKib: number): string {
  const homepage = realHomepage(manifest);
  return `${[
    `Package: ${manifest.name}`,
    `Version: ${manifest.version.replace('-', '~')}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${linux.maintainer}`,
    `Installed-Size: ${installedKib}`,
    'Section: misc',
    'Priority: optional',
    `Depends: ${depends()}`,
    // The keychain, and notices.
    'Recommends: libnotify4, libsecret-1-0',
    'Suggests: docker-compose, gnome-keyring',
    ...(homepage ? [`Homepage: ${homepage}`] : []),
    `Description: ${linux.synopsis.replace(/^An? /, '')}`,
    ...wrapped(manifest.description).map((line) => ` ${line}`),
    ' .',
    ' It brings its own Postgres and needs no set-up. The tickets stay in the home',
    ' folder of each user, and are not removed with the package.',
  ].join('\n')}\n`;
}

/**
 * Chromium's sandbox uses user namespaces. Where an ordinary user may not have any, its helper does the same as root.
 * Tried out, as each system has its own switch for it; at each installation, so that it follows the system.
 */
export const postinst = `#!/bin/sh
set -e

helper=/${libFolder}/chrome-sandbox

if [ "$1" = configure ] && ! dpkg-statoverride --list "$helper" >/dev/null; then
  mode=0755
  if ! setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user true 2>/dev/null; then
    mode=4755
  fi
  chmod "$mode" "$helper"
fi
`;

export function desktopEntry({ name, description }: AppManifest): string {
  return `[Desktop Entry]
Type=Application
Name=${entry.Name}
GenericName=${entry.GenericName}
Comment=${description}
Exec=/usr/bin/${name} %U
Icon=${name}
Terminal=false
StartupNotify=true
StartupWMClass=${name}
Categories=${entry.Categories}
Keywords=${entry.Keywords}
MimeType=x-scheme-handler/ticketdesk;
`;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => escapes[character] ?? character);
}

/** @param date of this release, as in 2026-11-24 */
export function metainfo(manifest: AppManifest, date: string): string {
  const homepage = realHomepage(manifest);
  return `<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>${componentId}</id>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>${manifest.license}</project_license>
  <name>${escaped(manifest.productName)}</name>
  <summary>${escaped(linux.synopsis)}</summary>
  <developer id="org.ticketdesk"><name>${escaped(`The ${manifest.productName} authors`)}</name></developer>
  <description><p>${escaped(manifest.description)}</p></description>
  <launchable type="desktop-id">${manifest.name}.desktop</launchable>
  <provides><binary>${manifest.name}</binary></provides>
${homepage ? `  <url type="homepage">${escaped(homepage)}</url>\n` : ''}  <content_rating type="oars-1.1" />
  <releases><release version="${manifest.version}" date="${date}" /></releases>
</component>
`;
}

/** https://www.debian.org/doc/packaging-manuals/copyright-format/1.0 */
export function copyright({ productName, homepage }: AppManifest): string {
  const [, holder = '', terms = ''] =
    /Copyright \(c\) (.+)\n\n([\s\S]+)$/.exec(readFileSync(join(root, 'LICENSE'), 'utf8')) ?? [];
  const text = terms
    .trim()
    .split('\n')
    .map((line) => ` ${line || '.'}`);
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ${productName}
Source: ${homepage}
Comment: The terms of all that is in this package (Electron, Chromium, Postgres
 and others) are in /${libFolder}/resources/licences.html.

Files: *
Copyright: ${holder}
License: Expat
${text.join('\n')}
`;
}
