/** Inserts one task into a queue of its own, waits for its document and checks that it is a PDF. Run by `helm test`. */
const { QUEUE_URL, TIMEOUT_SECONDS } = process.env;
const tasks = `${QUEUE_URL}/taskqueue/v1beta2/projects/render/taskqueues/helm-test/tasks`;
const headers = process.env.QUEUE_TOKEN ? { authorization: `Bearer ${process.env.QUEUE_TOKEN}` } : {};
const deadline = AbortSignal.timeout(Number(TIMEOUT_SECONDS) * 1000);

async function call(method, path, body) {
  const response = await fetch(tasks + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal: deadline,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text && JSON.parse(text);
}

const payload = {
  kind: 'task#render',
  resource_slug: 'grid',
  resource_name: 'Grid',
  resource_view: 'grid',
  url: 'example.org/resources/grid',
  paper_size: 'a4',
  copies: 1,
};
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64');
const decode = (task) => JSON.parse(Buffer.from(task.payloadBase64, 'base64').toString());

const started = Date.now();
const { id } = await call('POST', '', {
  queueName: 'helm-test',
  tag: 'task',
  payloadBase64: encode(payload),
});
console.log(`Inserted task ${id}, waiting for its document.`);
for (;;) {
  const { items } = await call(
    'POST',
    '/lease?numTasks=1&leaseSecs=60&groupByTag=true&tag=result&waitSecs=10',
  );
  if (items.length === 0) continue;
  await call('DELETE', `/${items[0].id}`);
  const result = decode(items[0]);
  if (!items[0].id.includes(id)) continue;
  if (!result.success) throw new Error(`The task failed: ${result.error}`);
  const pdf = Buffer.from(result.document, 'base64');
  if (pdf.subarray(0, 5).toString() !== '%PDF-') throw new Error('The document is not a PDF.');
  console.log(`${result.filename}: ${pdf.length} bytes after ${(Date.now() - started) / 1000} s.`);
  break;
}
