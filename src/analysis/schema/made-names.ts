/** What the history says of a name beside those of relations, types and functions. */
export interface Made {
  /** What comes next is as new as that. */
  readonly since: number;
  /** Of what a role holds: a relation, by id, or a schema. */
  readonly relation?: number;
  readonly schema?: string;
  readonly type?: number;
  readonly function?: { readonly key: string; readonly id: number };
  /** The policy of the relation that names the role. */
  readonly policy?: string;
  /** Of a policy: the roles that it is for. */
  readonly roles?: readonly string[];
  /** Of a relation: who owns it. */
  readonly owner?: string;
  /** The publication of all tables that sends a change on. */
  readonly publication?: string;
}
