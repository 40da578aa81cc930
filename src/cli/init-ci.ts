import { existsSync } from "node:fs";
import { configurationName } from "../config/configuration.ts";
import { type Offer, readIfThere } from "./init-offers.ts";
import { packageVersion } from "./version.ts";

/** The CI step that fits: a workflow for GitHub, a job for GitLab, or the command for any other. */
export function ciOffer(root: string, globs: readonly string[]): Offer {
  if (existsSync(`${root}/.gitlab-ci.yml`)) {
    return { what: "a job for GitLab", path: ".gitlab-ci.yml", how: "append", text: gitlabJob() };
  }
  const remotes = readIfThere(`${root}/.git/config`) ?? "";
  if (existsSync(`${root}/.github`) || remotes.includes("github.com")) {
    const path = ".github/workflows/lockwise.yml";
    return { what: "a workflow for GitHub", path, how: "create", text: githubWorkflow(globs) };
  }
  if (remotes.includes("gitlab")) {
    return { what: "a job for GitLab", path: ".gitlab-ci.yml", how: "create", text: gitlabJob().trimStart() };
  }
  const text = `npx --yes lockwise@${packageVersion} --since origin/main\n`;
  return { what: "a CI step", path: "your pipeline", how: "show", text };
}

function githubWorkflow(globs: readonly string[]): string {
  const paths = [
    ...globs.map((glob) => glob.replace(/\/[^/]*$/, "/**").replace("/**/**", "/**")),
    configurationName,
  ];
  return `name: lockwise
on:
  pull_request:
    paths:
${paths.map((path) => `      - ${JSON.stringify(path)}\n`).join("")}permissions:
  contents: read
jobs:
  lockwise:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: lockwise/lockwise@v${packageVersion}
`;
}

function gitlabJob(): string {
  const command = `npx --yes lockwise@${packageVersion} --since "$CI_MERGE_REQUEST_DIFF_BASE_SHA"`;
  return `
lockwise:
  image: node:22
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: "0"
  script:
    - ${command} --format gitlab --output gl-code-quality.json --fail-on never
    - ${command}
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality.json
`;
}
