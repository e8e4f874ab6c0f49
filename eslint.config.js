import tseslint from 'typescript-eslint';

/**
 * The rules that a reader of STYLE would otherwise have to check by eye. Each one that is listed below has a probe in
 * tools/check/plants.ts: a violation is planted, and the rule must find it.
 */
const pure = ['services/*/src/domain/**/*.ts', 'libs/core/src/**/*.ts', 'libs/telecom/src/**/*.ts'];
const specs = ['**/*.spec.ts', 'libs/testing/src/**/*.ts'];

/** Where text and bytes from outside become types: only here may a value be told its type. */
const rim = [
  'libs/core/src/**/*.ts',
  'libs/telecom/src/**/*.ts',
  'libs/testing/src/**/*.ts',
  'libs/contracts/src/**/*.ts',
  'libs/event-store/src/sql/stored-as.ts',
  'services/*/src/wire/**/*.ts',
];

/** An overload's body is not held to its signatures, so it would be a cast by another name. */
const overloads = ['TSDeclareFunction', 'MethodDefinition[value.type="TSEmptyBodyFunctionExpression"]'].map((selector) => {
  return { selector, message: 'An overload hides a cast: parse, or say it where casts may stand.' };
});

const impureGlobals = ['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Buffer', 'performance', 'crypto'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/gen/**', '.tollwire/**', '.nx/**', '**/*.js', '**/*.mjs'] },
  {
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // A handler may answer nothing or an outcome; a factory may be told its type once.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Takes a branded bigint for something else, and a configured Nest or ORM object for a class of ours.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      // Declared with the shape of a test, or of an interface that only some implementations wait for.
      '@typescript-eslint/require-await': 'off',
      // Nest's modules are classes with nothing but decorators.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'no-console': 'error',
      'no-empty': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...overloads],
    },
  },
  {
    files: rim,
    rules: { '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as', objectLiteralTypeAssertions: 'never' }] },
  },
  {
    // A test may be a long list of cases, compares with asymmetric matchers (typed any), and makes what types forbid.
    files: specs,
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-syntax': [
        'error',
        ...overloads,
        { selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo)$/]', message: 'No skipped or focused tests.' },
        { selector: 'CallExpression[callee.name=/^(xit|xdescribe|fit|fdescribe)$/]', message: 'No skipped or focused tests.' },
      ],
    },
  },
  {
    files: pure,
    ignores: specs,
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals.map((name) => ({ name, message: 'The core is pure: what it needs comes in with the command.' }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The core is pure: time comes in with the command.' },
        { object: 'Math', property: 'random', message: 'The core is pure: ids and chance come in with the command.' },
      ],
      'no-restricted-syntax': [
        'error',
        ...overloads,
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The core is pure: time comes in with the command.' },
        { selector: 'AwaitExpression', message: 'The core is pure: it waits for nothing.' },
        { selector: 'ImportDeclaration[source.value=/^node:/]', message: 'The core is pure: it imports nothing of Node.' },
      ],
    },
  },
);
