/** One SMTP mail transaction, from MAIL to its end. All text is display-safe. */
export interface MailTransaction {
  /** From 0 within its connection. */
  readonly txId: number;
  readonly sessionId: number;
  /** µs since 1970 of the MAIL command, and its packet. */
  readonly timeUs: number;
  readonly packet: number;
  readonly helo: string;
  readonly mailFrom: string;
  /** At most 100 are kept; `rcptCount` says how many were sent. */
  readonly rcptTo: readonly string[];
  readonly rcptCount: number;
  readonly rcptAccepted: number;
  readonly email: EmailSummary;
  /** Reply to the end of data, or to what ended the transaction; empty when not seen. */
  readonly reply: string;
  /** Message octets as transferred. */
  readonly bytes: number;
  readonly authUser: string;
  readonly tls: boolean;
}

export interface EmailSummary {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly date: string;
  /** File names of attachments. */
  readonly attachment: readonly string[];
  readonly status: 'complete' | 'truncated' | 'rejected' | 'none';
}
