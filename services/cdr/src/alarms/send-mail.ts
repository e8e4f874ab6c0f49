import { createTransport } from 'nodemailer';

/** Sends mail; made once, as its connection is. */
export type SendsMail = (mail: Mail) => Promise<void>;

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Of the notice: the same each time that it is sent, so that a mailbox can tell a repeat. */
  readonly id: string;
}

/** The server that mail goes through, as `smtps://user:password@host:465` or `smtp://host:25`, and who sends. */
export interface MailOptions {
  readonly url: string;
  readonly from: string;
}

/** Mail through a server of SMTP. Rejects what the server does not take, and where it does not answer in ten seconds. */
export function mailThrough({ url, from }: MailOptions): SendsMail {
  const transport = createTransport({ url, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 10_000 });
  const domain = from.slice(from.lastIndexOf('@') + 1).replace('>', '');
  return async ({ to, subject, text, id }) => {
    // An address is one, whatever is in it: nobody is added to who gets a notice.
    await transport.sendMail({ from, to: { name: '', address: to }, subject, text, messageId: `<${id}@${domain}>` });
  };
}
