// Runs the verifier of verify.html outside a browser: a JSON request a line on stdin, an answer a line.
// Use: node run_verifier.js VERIFY.HTML; a request is {"path": …, "kept": [{size, root}], "keys": […]}.
"use strict";
const fs = require("fs");
const readline = require("readline");

const page = fs.readFileSync(process.argv[2], "utf8");
const script = /<script>([^]*?)<\/script>/.exec(page)[1];
const Verifier = new Function(`${script}\nreturn Verifier;`)();

async function answer({ path, kept = [], keys = [] }) {
  const file = await fs.promises.open(path);
  try {
    const { size } = await file.stat();
    const read = async (start, length) => {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    };
    return await Verifier.verify({ size, read }, { kept, keys });
  } finally {
    await file.close();
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(JSON.parse(line))));
  }
})();
