import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import type { EngineStatus, WhatIfQuestion } from '../../shared/contract.ts';
import type { WhatIfAnswer } from '../../shared/decision.ts';
import type { ResendOrder, ResentExchange } from '../../shared/resend-contract.ts';
import { isLoopbackHost } from '../../shared/loopback.ts';
import { remoteAccess } from '../../shared/settings-access.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import { mergeSettings } from '../../shared/settings.ts';
import { AccessPolicy } from './access/access-policy.ts';
import { FailureLimits } from './access/failure-limits.ts';
import { BodyLibrary } from './bodies/body-library.ts';
import { ExchangeSearch } from './exchange-search.ts';
import type { CacheStore } from './cache/cache-store.ts';
import { CacheBrowser } from './cache-browser.ts';
import { openStore } from './cache/stores/open-store.ts';
import type { Exchange } from './chain/exchange.ts';
import type { Chain, Handler } from './chain/handler.ts';
import { composeChains } from './compose-chains.ts';
import type { ChainFor } from './compose-chains.ts';
import type { Reply } from './chain/reply.ts';
import { cacheHandler } from './handlers/cache.ts';
import { Invalidations } from './handlers/cache-invalidations.ts';
import { Gateway } from './gateway/gateway.ts';
import { gatewayHandler } from './handlers/gateway.ts';
import { destinationHandler, guardHandler } from './handlers/guard.ts';
import { rulesHandler } from './handlers/rules.ts';
import { localSiteHandler } from './handlers/local-site.ts';
import { storedTunnelHandler } from './handlers/stored-tunnel.ts';
import { userHandler } from './handlers/user.ts';
import { upstreamHandler } from './handlers/upstream.ts';
import { ExchangeFactory } from './proxy/exchange-factory.ts';
import type { ConnectionLimits } from './proxy/client-connection.ts';
import { Listener } from './proxy/listener.ts';
import { OwnAddresses } from './proxy/own-addresses.ts';
import { Resender } from './resend/resender.ts';
import { CompiledRules } from './rules/compiled-rules.ts';
import { HeldExchanges } from './rules/held-exchanges.ts';
import type { Reroute } from './rules/reroute.ts';
import { SessionFolder, sessionPlaces } from './sessions/session-folder.ts';
import { SessionLibrary } from './sessions/session-library.ts';
import type { KeyProtector } from './tls/authority-files.ts';
import { authorityDirectory } from './tls/authority-files.ts';
import type { CertificateAuthority } from './tls/certificate-authority.ts';
import { openAuthority } from './tls/certificate-authority.ts';
import { Interception } from './tls/interception.ts';
import type { Recorder } from './trace/recorder.ts';
import { createRecorder } from './trace/recorder.ts';
import { ConnectionPools } from './upstream/connection-pools.ts';
import { ProxyFinder } from './upstream/find-proxies.ts';
import type { Unanswerable } from './what-if-exchange.ts';
import { whatIfExchange } from './what-if-exchange.ts';

/** How an engine is started; what may change later is in its settings. */
export interface EngineConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Whether the next free port will do when `port` is taken. */
  readonly portFallback: boolean;
  /** Folder for the recorded session and the stored responses. */
  readonly dataDir: string;
  /** Folder for the certificate authority; one in the data directory when absent. */
  readonly caDir?: string;
  /** Protects the authority's key where there is something to protect it with. */
  readonly keyProtector?: KeyProtector;
  readonly version: string;
  readonly settings: Settings;
  /** Where the built-in demo site listens. */
  readonly demoUrl?: string;
  /** Handlers between the guard and the cache. */
  readonly extraHandlers?: Chain;
  /** Takes what applications write, for a log of the host's. */
  readonly onApplicationOutput?: (application: string, text: string) => void;
  readonly limits?: Partial<ConnectionLimits>;
  /** Grace time (ms) for handlers after an abort. */
  readonly stuckAfter?: number;
}

const LIMITS: ConnectionLimits = {
  maxHead: 65_536,
  headTimeout: 30_000,
  idleTimeout: 65_000,
  bodyTimeout: 300_000,
  halfCloseGrace: 500,
};
/** How long `stop` waits for running exchanges. */
const DRAIN_MS = 5_000;

/** The proxy, its cache and its recorder as one thing that hosts start, stop, watch and configure. */
export class Engine {
  readonly recorder: Recorder;
  /** The stored responses, to be looked at and purged. */
  readonly cache: CacheBrowser;
  /** Bodies without their content codings, for people to read. */
  readonly bodies: BodyLibrary;
  readonly search: ExchangeSearch;
  /** What rules hold for a person. */
  readonly held = new HeldExchanges();
  readonly #searchedBodies: BodyLibrary;
  /** What was recorded before, and what is saved. */
  readonly sessions: SessionLibrary;
  /** Signs the certificates of intercepted hosts. */
  readonly authority: CertificateAuthority;
  /** The Proxy-Authorization by which requests of this process are let in, whoever else may use the proxy. To be kept here. */
  readonly ownCredentials = `Hopscope ${randomBytes(32).toString('base64url')}`;
  readonly #config: EngineConfig;
  readonly #store: CacheStore;
  readonly #pools: ConnectionPools;
  readonly #listener: Listener;
  readonly #own = new OwnAddresses();
  readonly #resender: Resender;
  readonly #gateway: Gateway;
  /** Makes the chains that the settings ask for. */
  readonly #compose: () => ChainFor;
  #chainFor: ChainFor;
  readonly #settingsListeners = new Set<(settings: Settings) => void>();
  readonly #statusListeners = new Set<(status: EngineStatus) => void>();
  #settings: Settings;
  /** Who may use the proxy; undefined when everyone may. */
  #access: AccessPolicy | undefined;
  readonly #loginFailures = new FailureLimits();
  #address: AddressInfo | undefined;
  readonly #finder = new ProxyFinder((hostname, port) => this.#own.hasHost(hostname, port));
  #warnings: string[] = [];
  /** What keeps the cache from being on disk, in sentences; empty when nothing does. */
  readonly storeTrouble: string[] = [];

  /** Use {@link createEngine}. */
  constructor(
    config: EngineConfig,
    recorder: Recorder,
    authority: CertificateAuthority,
    store: CacheStore,
    invalidations: Invalidations,
  ) {
    this.#config = config;
    this.#settings = config.settings;
    this.recorder = recorder;
    this.authority = authority;
    this.#store = store;
    this.cache = new CacheBrowser({
      ...{ store: this.#store, recorder, settings: () => this.#settings },
      onPurge: (filter) => invalidations.notePurge(filter),
    });
    const bodies = { recorder, cache: this.cache };
    this.bodies = new BodyLibrary({ ...bodies, directory: join(config.dataDir, 'decoded') });
    this.#searchedBodies = new BodyLibrary({ ...bodies, directory: join(config.dataDir, 'searched') });
    this.search = new ExchangeSearch({ recorder, bodies: this.#searchedBodies });
    const folder = new SessionFolder(sessionPlaces(config.dataDir));
    this.sessions = new SessionLibrary({ recorder, folder, version: config.version });
    const now = (): number => recorder.now();
    const environment = {
      now,
      isOwnAddress: (address: string, port: number) => this.#own.hasAddress(address, port),
    };
    this.#pools = new ConnectionPools(environment);
    // Via's pseudonym tells this proxy from every other one, also from a second Hopscope in line.
    const via = `hopscope-${randomBytes(3).toString('hex')}`;
    const interception = new Interception(authority);
    const mayServe = ({ settings, request }: Exchange): boolean => interception.mayIntercept(settings, request.url);
    const upstream = upstreamHandler({ pools: this.#pools, finder: this.#finder }, via, mayServe);
    this.#gateway = new Gateway({
      onOutput: (application, text) => config.onApplicationOutput?.(application, text),
      onTrouble: (sentence) => this.warn(sentence),
    });
    const software = `Hopscope/${config.version}`;
    const gateway = gatewayHandler((x) => this.#gateway.find(x), software);
    const isOwnHost = (hostname: string, port: number): boolean => this.#own.hasHost(hostname, port);
    const guard = guardHandler({ via, isOwnHost });
    const localSite = localSiteHandler(authority.certificate);
    const storedTunnel = storedTunnelHandler(this.#store, mayServe);
    const cached = <S>(last: Handler<S>): Chain => [
      cacheHandler({ store: this.#store, invalidations, again: (x) => sendAgain(last, x) }),
      last,
    ];
    const ends = { upstream: cached(upstream), application: cached(gateway) };
    const reroute: Reroute = ({ settings }, url) => factory.route(url, url.authority, url.scheme, settings);
    this.#compose = () => {
      const users: Chain = this.#gateway.handlers(this.#settings).map((handler) => userHandler(handler, software));
      const rules = new CompiledRules(this.#settings.rules);
      const destination = users.length > 0 || !rules.empty ? [destinationHandler()] : [];
      const behind: Chain = [...users, ...destination, ...(config.extraHandlers ?? [])];
      const parts = { localSite, storedTunnel, ends };
      if (rules.empty) return composeChains({ ...parts, before: [guard, ...behind] });
      const rest = composeChains({ ...parts, before: behind });
      const applied = rulesHandler(rules, { held: this.held, reroute, rest });
      return composeChains({ ...parts, before: [guard, applied, ...behind] });
    };
    this.#chainFor = this.#compose();
    this.#configureAccess();
    const factory = new ExchangeFactory({
      chainFor: (x) => this.#chainFor(x),
      recorder,
      stuckAfter: config.stuckAfter ?? 2_000,
      settings: () => this.#settings,
      demoUrl: config.demoUrl,
      access: () => this.#access,
    });
    this.#resender = new Resender({ recorder, factory, isOwnHost, settings: () => this.#settings });
    this.#listener = new Listener({
      limits: { ...LIMITS, ...config.limits },
      now,
      open: (arrival) => factory.open(arrival),
      openMalformed: (arrival, malformed) => factory.openMalformed(arrival, malformed),
      run: (x, delivery) => factory.run(x, delivery),
      access: () => this.#access,
      interception,
      isOwnHost,
      tlsFailed: (attempt, error) => factory.tlsFailed(attempt, error),
    });
    recorder.onWarning(() => this.#announce());
  }

  get settings(): Settings {
    return this.#settings;
  }

  get status(): EngineStatus {
    const { version, demoUrl } = this.#config;
    return {
      ...{ version, epoch: this.recorder.epoch, warnings: [...this.#warnings, ...this.recorder.warnings] },
      ...(this.#address === undefined ? {} : { proxyUrl: urlOf(this.#address) }),
      ...(demoUrl === undefined ? {} : { demoUrl }),
    };
  }

  /** Starts listening. Rejects when the address cannot be had. */
  async start(): Promise<void> {
    const { host, port, portFallback } = this.#config;
    this.#address = await this.#listener.listen({ host, port, fallback: portFallback });
    this.#configureGateway();
    this.#own.add(this.#address);
    if (port !== 0 && this.#address.port !== port) {
      this.warn(`Port ${port} is taken; the proxy listens on port ${this.#address.port} instead.`);
    }
    this.#announce();
    this.#prepareInterception();
  }

  /** Stops accepting, lets running exchanges end for a few seconds, then closes everything. */
  async stop(): Promise<void> {
    this.held.close();
    await Promise.all([this.#listener.stop(DRAIN_MS), this.#resender.close()]);
    this.#address = undefined;
    this.#finder.close();
    this.#pools.destroy();
    await this.#gateway.close();
    await Promise.all([this.bodies.close(), this.sessions.close()]);
    await this.#searchedBodies.close();
    await this.#store.close();
    await this.recorder.close();
  }

  /**
   * Merges `patch` into the settings; it counts from the next exchange on.
   * @throws {valibot.ValiError} when the result is not valid; nothing has changed then.
   */
  updateSettings(patch: SettingsPatch): Settings {
    const before = this.#settings;
    const settings = mergeSettings(before, patch);
    checkAccess(this.#config.host, settings);
    this.#settings = settings;
    this.recorder.configure(settings.record);
    this.#store.resize(settings.cache);
    if (JSON.stringify(settings.access) !== JSON.stringify(before.access)) this.#configureAccess();
    this.#configureGateway();
    this.held.keepOnly(new Set(settings.rules.filter(({ on }) => on).map(({ name }) => name)));
    for (const listener of this.#settingsListeners) listener(settings);
    return settings;
  }

  onSettings(listener: (settings: Settings) => void): () => void {
    this.#settingsListeners.add(listener);
    return () => this.#settingsListeners.delete(listener);
  }

  onStatus(listener: (status: EngineStatus) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  /** Adds something everyone should know to the status; returns the function that takes it back when it is over. */
  warn(warning: string): () => void {
    // What happens again and again is told once.
    if (!this.#warnings.includes(warning)) {
      this.#warnings.push(warning);
      this.#announce();
    }
    return () => {
      if (!this.#warnings.includes(warning)) return;
      this.#warnings = this.#warnings.filter((other) => other !== warning);
      this.#announce();
    };
  }

  /** What the cache would decide about an exchange under other circumstances; undefined when it is not recorded. */
  whatIf(question: WhatIfQuestion): Promise<WhatIfAnswer | Unanswerable | undefined> {
    return whatIfExchange(this.recorder, this.#settings, question);
  }

  /**
   * Sends an exchange's request again; resolves with the new exchange, or undefined when the other one is not recorded.
   * @throws {ResendError} when it cannot be sent again
   */
  resend(order: ResendOrder): Promise<ResentExchange | undefined> {
    return this.#resender.send(order);
  }

  /** Tells at the start when no connection could be intercepted. */
  #prepareInterception(): void {
    if (!this.#settings.tls.intercept) return;
    try {
      this.authority.prepare();
    } catch (error) {
      this.warn(`TLS cannot be intercepted: ${String(error)}`);
    }
  }

  #configureAccess(): void {
    const { access } = this.#settings;
    const open = access.users.length === 0 && access.allow.length === 0;
    this.#access = open
      ? undefined
      : new AccessPolicy(access, this.#loginFailures, () => this.recorder.now(), this.ownCredentials);
  }

  #configureGateway(): void {
    this.#gateway.configure(this.#settings);
    this.#chainFor = this.#compose();
  }

  #announce(): void {
    for (const listener of this.#statusListeners) listener(this.status);
  }
}

/** Makes an engine that is ready to {@link Engine.start}. Rejects with a ValiError when it would be open to anybody. */
export async function createEngine(config: EngineConfig): Promise<Engine> {
  checkAccess(config.host, config.settings);
  const authority = await openAuthority(config.caDir ?? authorityDirectory(config.dataDir), config.keyProtector);
  const directory = sessionPlaces(config.dataDir).runs;
  const recorder = await createRecorder({ directory, settings: config.settings.record });
  const { cache } = config.settings;
  const warnings: string[] = [];
  let warn = (warning: string): void => void warnings.push(warning);
  const invalidations = new Invalidations();
  const store = await openStore({
    ...{ kind: cache.store, directory: join(config.dataDir, 'cache'), caps: cache },
    warn: (warning) => warn(warning),
    onPurged: (filter) => invalidations.notePurge(filter),
  });
  const engine = new Engine(config, recorder, authority, store, invalidations);
  warn = (warning) => {
    engine.storeTrouble.push(warning);
    engine.warn(warning);
  };
  warnings.forEach(warn);
  return engine;
}

/** @throws {v.ValiError} when other machines can reach `host` and nothing says who may use it. */
function checkAccess(host: string, { access }: Settings): void {
  if (!isLoopbackHost(host)) v.parse(remoteAccess, access);
}

/** A further round trip for an exchange whose first one brought nothing of use; its body ends or is let go by who reads it. */
async function sendAgain<S>(last: Handler<S>, x: Exchange): Promise<Reply> {
  // Both handlers that may be the last have a setup.
  const state = (await last.setup?.(x)) as S;
  return last.handle(x, state, () => Promise.reject(new Error(`${last.name} is the last handler.`)));
}

function urlOf({ address, family, port }: AddressInfo): string {
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}
