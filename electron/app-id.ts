/**
 * The app's name for Windows, as in electron-builder.yml: the installer gives it to the shortcut, and Windows shows
 * notifications only of a program that goes by the name of one.
 */
export const appId = 'org.ticketdesk.TicketDesk';
