// `npm run toolkits -- <folder> <file>`: writes the toolkits of a catalogue as one JSON file for a deployment of one's own.
import { writeFileSync } from 'node:fs';
import { readCatalogue } from './catalogue.js';

const [folder, file] = process.argv.slice(2);
try {
  if (!file) throw new Error('say where from and where to: npm run toolkits -- <folder> <file>');
  const toolkits = readCatalogue(folder);
  writeFileSync(file, JSON.stringify(toolkits));
  console.log(`${toolkits.length} toolkits, ${toolkits.flatMap(([, tools]) => tools).length} tools: ${file}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
