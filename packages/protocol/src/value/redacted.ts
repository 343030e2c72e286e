/** What is shown of text that its host does not give away. */
export const REDACTED = '<redacted>';
