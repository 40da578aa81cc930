/** Thrown by the lowering, and caught by the adapter, where the tree does not tell for certain what PostgreSQL reads. */
export class NotUnderstood extends Error {}
