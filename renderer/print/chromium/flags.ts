/**
 * Command-line switches of a browser that prints and does nothing else. The network is shut three times over: requests are
 * intercepted, no name resolves, and whatever still gets out meets a proxy that is not there (port 9, discard).
 */
export function chromiumFlags({ sandbox }: { sandbox: boolean }): string[] {
  return [
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--proxy-server=http://127.0.0.1:9',
    '--proxy-bypass-list=<-loopback>',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--dns-prefetch-disable',
    '--no-pings',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--disable-sync',
    '--font-render-hinting=none',
    '--disk-cache-size=1',
    '--mute-audio',
    ...(sandbox ? [] : ['--no-sandbox']),
  ];
}
