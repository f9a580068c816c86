// Writes the type declarations of the SDK: the compiler's declarations of the modules that hype-voice.js exposes, joined into one file,
// without their @internal members. Usage: node declarations.mjs FOLDER_OF_THE_SDK TYPESCRIPT_MODULE OUTPUT
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const ENTRY = 'hype-voice.d.ts';
const INLINE_IMPORT = /import\("(.*?)"\)\./g;

const [folder, compiler, output] = process.argv.slice(2);
const { default: ts } = await import(pathToFileURL(compiler));

const modules = compile();
/** The names that hype-voice.js exports. @type {Set<string>} */
const exported = new Set(parse(modules.get(ENTRY)).statements.flatMap((statement) =>
  statement.exportClause?.elements.map((element) => element.name.text) ?? statement.name?.text ?? []));

/** The modules that the interface refers to, dependencies first: name → declarations. @type {Map<string, string>} */
const used = new Map();
use(ENTRY);
writeFileSync(output, [
  '// Written by the TypeScript compiler from the modules beside this file; docs/sdk.md explains the interface.\n',
  ...used.values(),
  'export {};\n',
].join(''));

/** @returns {Map<string, string>} module → the compiler's declarations */
function compile() {
  const declarations = new Map();
  const program = ts.createProgram([join(folder, 'hype-voice.js')], {
    allowJs: true, checkJs: true, strict: true, declaration: true, emitDeclarationOnly: true, outDir: '/declarations', rootDir: folder,
    target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  });
  const { diagnostics } = program.emit(undefined, (file, text) => declarations.set(relative('/declarations', file), text));
  const errors = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (errors.length > 0) {
    console.error(ts.formatDiagnostics(errors, ts.createCompilerHost(program.getCompilerOptions())));
    process.exit(1);
  }
  return declarations;
}

/** @param {string} name of a module */
function use(name) {
  if (used.has(name)) {
    return;
  }
  used.set(name, '');
  const source = parse(modules.get(name));
  const declarations = source.statements.map((statement) => declarationOf(statement, source)).join('');
  const code = declarations.replace(/\/\*.*?\*\//gs, '');
  for (const statement of source.statements) {
    // An import may be used only by internal members, which are not part of the interface.
    const imported = statement.importClause?.namedBindings?.elements.map((element) => element.name.text);
    if (statement.moduleSpecifier && (imported?.some((type) => new RegExp(`\\b${type}\\b`).test(code)) ?? true)) {
      useImported(name, statement.moduleSpecifier.text);
    }
  }
  for (const [, specifier] of code.matchAll(INLINE_IMPORT)) {
    useImported(name, specifier);
  }
  used.delete(name); // and again at the end: behind the modules that it refers to
  used.set(name, declarations.replace(INLINE_IMPORT, ''));
}

/**
 * @param {string} from
 * @param {string} specifier
 */
function useImported(from, specifier) {
  use(join(from, '..', specifier).replace(/\.js$/, '.d.ts'));
}

/**
 * Types are exported, and so are the classes and functions that hype-voice.js exports. Other classes are declared, because properties
 * have their types.
 */
function declarationOf(statement, source) {
  const isPublic = ts.isTypeAliasDeclaration(statement) || exported.has(statement.name?.text);
  if (!isPublic && (!ts.isClassDeclaration(statement) || isInternal(statement))) {
    return '';
  }
  let text = source.text.slice(statement.getStart(source, true), statement.end);
  if (ts.isClassDeclaration(statement)) {
    for (const member of statement.members.filter(isInternal)) {
      const replacement = ts.isConstructorDeclaration(member) ? '\n    private constructor();' : '';
      text = text.replace(source.text.slice(member.pos, member.end), replacement);
    }
  }
  text = text.replace(/^\/\*\* @import .* \*\/\n/gm, '').replace(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 2));
  text = text.replace(/^.{130,}$/gm, (line) => line.replaceAll(' | ', '\n  | '));
  return `${isPublic ? text : text.replace(/^export (declare )?/m, 'declare ')}\n\n`;
}

function isInternal(member) {
  return ts.getJSDocTags(member).some((tag) => tag.tagName.text === 'internal');
}

/** @param {string} text */
function parse(text) {
  return ts.createSourceFile('module.d.ts', text, ts.ScriptTarget.ESNext, true);
}
