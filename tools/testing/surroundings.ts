/** What a spec file may change around itself, as it was. Modules are not among it: they outlive a file. */
export interface Surroundings {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly variables: Readonly<NodeJS.ProcessEnv>;
  /** The names of globals, symbols too: OpenTelemetry, for one, registers itself under a symbol. */
  readonly globals: ReadonlySet<PropertyKey>;
}

export function surroundings(): Surroundings {
  return { folder: process.cwd(), environment: process.env, variables: { ...process.env }, globals: new Set(Reflect.ownKeys(globalThis)) };
}

/** Puts the working folder and the environment variables back, and takes away globals that have come. */
export function putBack({ folder, environment, variables, globals }: Surroundings): void {
  process.chdir(folder);
  process.env = environment;
  for (const name of Object.keys(environment)) if (!(name in variables)) Reflect.deleteProperty(environment, name);
  Object.assign(environment, variables);
  for (const key of Reflect.ownKeys(globalThis)) if (!globals.has(key)) Reflect.deleteProperty(globalThis, key);
}
