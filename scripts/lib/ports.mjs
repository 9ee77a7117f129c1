import net from "node:net";

/** Whether this process could listen there now. Without a host: on every address, IPv6 included where there is any. */
async function isPortFree(port, host) {
  if (host) return canListen(port, host);
  const everywhere = await canListen(port, "::");
  return everywhere === "no such address" ? canListen(port, "0.0.0.0") : everywhere;
}

function canListen(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", (error) => {
      const noAddress = error.code === "EAFNOSUPPORT" || error.code === "EADDRNOTAVAIL";
      resolve(noAddress ? "no such address" : false);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The preferred port when it is free, or any free one. Loopback only. */
export async function freeLoopbackPort(preferred) {
  if (preferred && (await isPortFree(preferred, "127.0.0.1")) === true) return preferred;
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1" }, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Where the web process shall listen. PORT is a wish that is granted or refused; without it, 3000 or the next free one.
 * @throws Error that says what to change
 */
export async function webPort(env, host) {
  if (env.PORT) {
    const port = Number(env.PORT);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new Error(`PORT must be a number from 1 to 65535, not "${env.PORT}".`);
    }
    if ((await isPortFree(port, host)) !== true) {
      throw new Error(`Port ${port} is taken by another program. Choose another one with PORT.`);
    }
    return port;
  }
  for (let port = 3_000; port < 3_100; port++) {
    if ((await isPortFree(port, host)) === true) return port;
  }
  throw new Error("No free port between 3000 and 3099. Choose one with PORT.");
}
