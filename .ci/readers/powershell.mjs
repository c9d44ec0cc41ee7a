// Parses PowerShell files and says where one is not PowerShell: node powershell.mjs
// MODULES FILE…
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, ...files] = process.argv.slice(2);
const { Parser, Language } = await import(pathToFileURL(join(modules, 'web-tree-sitter', 'web-tree-sitter.js')));
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(join(modules, 'tree-sitter-powershell', 'tree-sitter-powershell.wasm')));

let faults = 0;
const walk = (file, node) => {
	if (node.isError || node.isMissing) {
		faults++;
		console.error(`${file}:${node.startPosition.row + 1}:${node.startPosition.column + 1}: ${node.isMissing ? 'missing ' + node.type : 'cannot be parsed'}`);
	}
	for (const child of node.children) walk(file, child);
};
for (const file of files) walk(file, parser.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')).rootNode);
process.exit(faults > 0 ? 1 : 0);
