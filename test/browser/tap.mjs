// Test cases in the form that tools/count.awk counts.
const cases = []

export function test (name, run) {
  cases.push({ name, run })
}

export async function runAll () {
  let failed = 0
  console.log(`1..${cases.length}`)
  for (const [i, { name, run }] of cases.entries()) {
    let faults
    try {
      faults = await run()
    } catch (error) {
      faults = [error.stack]
    }
    if (faults.length > 0) failed++
    console.log(`${faults.length > 0 ? 'not ok' : 'ok'} ${i + 1} - ${name}`)
    for (const fault of faults.slice(0, 20)) console.log(`# ${fault.replaceAll('\n', '\n# ')}`)
  }
  process.exitCode = failed > 0 ? 1 : 0
}

export function skipAll (why) {
  console.log(`1..1\nok 1 # SKIP ${why}`)
}
