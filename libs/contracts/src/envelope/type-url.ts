const prefix = 'type.googleapis.com/';

/** The type URL under which a protobuf `Any` holds a message. */
export function typeUrlOf(type: string): string {
  return prefix + type;
}

/** The message that a type URL names: what follows the last slash, whoever's host stands before it. */
export function typeOfUrl(url: string): string {
  return url.startsWith(prefix) ? url.slice(prefix.length) : url.slice(url.lastIndexOf('/') + 1);
}
