// Fails when a word of the app is not in the catalogs, or a catalog lacks its translation.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import config from "../lingui.config.ts";

const FILES = config.catalogs.flatMap(({ path }) =>
  config.locales.map((locale) => ({
    locale,
    file: path.replace("<rootDir>/", "").replace("{locale}", locale).concat(".po"),
  })),
);
const read = () => Promise.all(FILES.map(({ file }) => readFile(file, "utf8")));

const before = await read();
execFileSync("lingui", ["extract", "--clean"], { stdio: "pipe" });
const after = await read();
const behind = FILES.filter((_, each) => before[each] !== after[each]);
const untranslated = FILES.flatMap(({ locale }, each) =>
  locale === config.sourceLocale
    ? []
    : [...after[each].matchAll(/^msgid ("(?!"\n").+)\nmsgstr ""$(?!\n")/gm)].map(
        ([, id]) => `${locale}: ${id}`,
      ),
);
for (const line of untranslated) process.stderr.write(`no translation: ${line}\n`);
if (behind.length > 0) process.stderr.write("src/locales was behind; commit what is there now\n");
process.exitCode = behind.length + untranslated.length > 0 ? 1 : 0;
