/** The tables in which migration tools keep what has run: a handful of rows each, which no migration makes. */
const bookkeeping: ReadonlySet<string> = new Set([
  "__diesel_schema_migrations",
  "__drizzle_migrations",
  "_prisma_migrations",
  "_sqlx_migrations",
  "alembic_version",
  "ar_internal_metadata",
  "atlas_schema_revisions",
  "databasechangelog",
  "databasechangeloglock",
  "django_migrations",
  "flyway_schema_history",
  "goose_db_version",
  "gorp_migrations",
  "knex_migrations",
  "pgmigrations",
  "refinery_schema_history",
  "schema_migration",
  "schema_migrations",
  "schema_version",
]);

/** Whether a migration tool keeps its books in a table of this name. */
export function isBookkeeping(name: string): boolean {
  return bookkeeping.has(name.toLowerCase());
}
