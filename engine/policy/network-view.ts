/** The administrator's networks, ready to be asked about an address or a domain. */
import type { PolicyNetworks } from '../../shared/policy.js';
import { NetworkList } from './networks.js';

export class NetworkView {
  /** The policy names networks of its own; without them nothing is inside or outside. */
  readonly hasOwn: boolean;
  readonly hasOwnDomains: boolean;
  readonly hasMailServers: boolean;
  private readonly own: NetworkList;
  private readonly servers: NetworkList;
  private readonly relays: NetworkList;
  private readonly exchange: NetworkList;
  private readonly proxies: NetworkList;
  private readonly domains: ReadonlySet<string>;

  constructor(networks: PolicyNetworks) {
    this.own = new NetworkList(networks.own);
    this.servers = new NetworkList(networks.mailServers);
    this.relays = new NetworkList(networks.relays);
    this.exchange = new NetworkList(networks.exchangeServers);
    this.proxies = new NetworkList(networks.trustedProxies);
    this.domains = new Set(networks.ownDomains);
    this.hasOwn = networks.own.length > 0;
    this.hasOwnDomains = networks.ownDomains.length > 0;
    this.hasMailServers = networks.mailServers.length > 0;
  }

  isOwn(address: string): boolean {
    return this.own.contains(address);
  }

  isMailServer(address: string): boolean {
    return this.servers.contains(address);
  }

  isRelay(address: string): boolean {
    return this.relays.contains(address);
  }

  isExchangeServer(address: string): boolean {
    return this.exchange.contains(address);
  }

  isTrustedProxy(address: string): boolean {
    return this.proxies.contains(address);
  }

  /** `domain` in lower case; a subdomain of an own domain is not thereby own. */
  isOwnDomain(domain: string): boolean {
    return this.domains.has(domain);
  }
}
