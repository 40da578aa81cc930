import type { Profile } from "../types.ts";
import { atlas } from "./atlas.ts";
import { bun, goPg } from "./bun.ts";
import { dbMigrate } from "./db-migrate.ts";
import { dbmate } from "./dbmate.ts";
import { dbup } from "./dbup.ts";
import { diesel } from "./diesel.ts";
import { drizzle } from "./drizzle.ts";
import { evolve } from "./evolve.ts";
import { flyway } from "./flyway.ts";
import { golangMigrate } from "./golang-migrate.ts";
import { goose } from "./goose.ts";
import { graphileMigrate } from "./graphile-migrate.ts";
import { grate } from "./grate.ts";
import { hasura } from "./hasura.ts";
import { liquibase } from "./liquibase.ts";
import { migratus } from "./migratus.ts";
import { morph } from "./morph.ts";
import { mybatisMigrations } from "./mybatis-migrations.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import { playEvolutions } from "./play-evolutions.ts";
import { pop } from "./pop.ts";
import { postgrator } from "./postgrator.ts";
import { postgresMigrations } from "./postgres-migrations.ts";

import { prairielearn } from "./prairielearn.ts";
import { prisma } from "./prisma.ts";
import { psql } from "./psql.ts";
import { psqlSingleTransaction } from "./psql-single-transaction.ts";
import { refinery } from "./refinery.ts";
import { sqitch } from "./sqitch.ts";
import { sqlMigrate } from "./sql-migrate.ts";
import { sqlx } from "./sqlx.ts";
import { supabase } from "./supabase.ts";
import { tern } from "./tern.ts";
import { yoyo } from "./yoyo.ts";
import { yuniql } from "./yuniql.ts";

/** All migration tools that are known; psql, the last, is what is left when no other fits. */
export const profiles: readonly Profile[] = [
  atlas,
  bun,
  dbMigrate,
  dbmate,
  dbup,
  diesel,
  drizzle,
  evolve,
  flyway,
  goPg,
  golangMigrate,
  goose,
  graphileMigrate,
  grate,
  hasura,
  // Before Liquibase: a file with the first line of that one may lie among those with its own marks.
  mybatisMigrations,
  liquibase,
  migratus,
  morph,
  nodePgMigrate,
  playEvolutions,
  pop,
  postgresMigrations,
  postgrator,
  prairielearn,
  prisma,
  psqlSingleTransaction,
  refinery,
  sqitch,
  sqlMigrate,
  sqlx,
  supabase,
  tern,
  yoyo,
  yuniql,
  psql,
];

export { psql };

/** The profile of this name, or null. */
export function findProfile(name: string): Profile | null {
  return profiles.find((profile) => profile.name === name) ?? null;
}
