// What a published folder weighs: files, bytes on disk, bytes as sent.
//
// Counts all but what the engine offers beside its search, such as a widget: `isCounted` says.

import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { packed } from "./sent.mjs";

/** `{ files, bytes_disk, bytes_sent }` of the files of a folder whose path `isCounted`. */
export function weigh(folder, isCounted) {
  const total = { files: 0, bytes_disk: 0, bytes_sent: 0 };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (!entry.isFile() || !isCounted(name)) continue;
    const raw = readFileSync(path);
    total.files += 1;
    total.bytes_disk += raw.length;
    total.bytes_sent += packed(`/search/${name}`, raw)[0].length;
  }
  return total;
}
