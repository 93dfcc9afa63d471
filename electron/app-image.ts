/** An AppImage runs from where it is mounted for this start alone: what lasts is its file. */
import { sep } from 'node:path';

export interface AppImageFacts {
  /** Of the running program. */
  execPath: string;
  /** $APPIMAGE and $APPDIR, which an AppImage tells the app in it; another program's may have left them. */
  appImage: string | undefined;
  appDir: string | undefined;
}

/** The file of the AppImage that this program runs from; undefined where it runs from none. */
export function ownAppImage({ execPath, appImage, appDir }: AppImageFacts): string | undefined {
  return appImage && appDir && execPath.startsWith(appDir + sep) ? appImage : undefined;
}
