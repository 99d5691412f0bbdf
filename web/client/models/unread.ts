/** What the reader has not seen of a wall yet, and the line that says where it begins.
 *
 * The line stays where it was drawn when its messages have been read: it would be rude to take it from under
 * the eye. The next batch that comes unseen draws a new one.
 */
import type { Instant, Message } from "../contract";

export class Unread {
  /** The line stands after this; null when there is none. */
  from: Instant | null = null;
  /** Where its messages end; null while more may still join them. */
  private to: Instant | null = null;

  constructor(
    private readonly myId: string,
    /** The newest message that was seen; null on the first visit, when nothing counts as new. */
    public seen: Instant | null,
    messages: readonly Message[],
  ) {
    if (this.count(messages) > 0) this.from = seen;
  }

  /** Whether a message stands under the line. */
  has(message: Message): boolean {
    return (
      this.from !== null &&
      message.author_id !== this.myId &&
      message.posted_at > this.from &&
      (this.to === null || message.posted_at <= this.to)
    );
  }

  /** How many were not seen yet. */
  count(messages: readonly Message[]): number {
    const { seen } = this;
    if (seen === null) return 0;
    return messages.filter((message) => message.author_id !== this.myId && message.posted_at > seen).length;
  }

  /** The reader is at the end and looking. Whether that changed anything. */
  see(messages: readonly Message[]): boolean {
    const last = messages.at(-1)?.posted_at ?? "";
    if (last <= (this.seen ?? "")) return false;
    this.seen = last;
    if (this.from !== null && this.to === null) this.to = last;
    return true;
  }

  /** Messages came while the reader was elsewhere: they join the open line or draw a new one. */
  miss(messages: readonly Message[]): void {
    if (this.count(messages) === 0 || (this.from !== null && this.to === null)) return;
    this.from = this.seen;
    this.to = null;
  }

  /** Who answers has read: the line goes. */
  clear(): void {
    this.from = null;
    this.to = null;
  }
}
