/**
 * Gives every library and service the same four targets, all by way of the front door, so that `nx run-many` and
 * `./tollwire` do the same thing. Plain JavaScript, because Nx loads it with whatever Node the machine has.
 */
import { dirname } from 'node:path';

const targetsOf = (project) => ({
  build: { command: `./tollwire build ${project}`, inputs: ['production', '^production'], outputs: ['{projectRoot}/dist'], cache: true },
  typecheck: { command: `./tollwire check ${project} --only types`, inputs: ['default', '^production'], cache: true },
  lint: { command: `./tollwire check ${project} --only lint`, inputs: ['default', '^production'], cache: true },
  test: { command: `./tollwire test unit ${project}/`, inputs: ['default', '^production'], cache: true },
});

/** The form that Nx asks of a plugin. */
export const createNodesV2 = [
  '{libs,services}/*/package.json',
  (files) =>
    files.map((file) => {
      const project = dirname(file);
      return [file, { projects: { [project]: { root: project, tags: [project.split('/')[0]], targets: targetsOf(project) } } }];
    }),
];
