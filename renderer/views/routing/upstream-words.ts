import type { Upstream } from '../../../shared/settings-routes.ts';
import type { PlainKey, Translate } from '../../i18n/translate.ts';
import type { UpstreamType } from './upstream-draft.ts';

export const TYPE_WORDS: Readonly<Record<UpstreamType, readonly [name: PlainKey, meaning: PlainKey]>> = {
  origin: ['routing.typeOrigin', 'routing.typeOriginNote'],
  proxy: ['routing.typeProxy', 'routing.typeProxyNote'],
  pac: ['routing.typePac', 'routing.typePacNote'],
  application: ['routing.typeApplication', 'routing.typeApplicationNote'],
};

/** Where an upstream leads, in one line. */
export function upstreamNote(t: Translate, upstream: Upstream): string {
  switch (upstream.type) {
    case 'origin': {
      const { url } = upstream;
      return upstream.hostPolicy === 'client' ? t('routing.withClientHost', { url }) : url;
    }
    case 'proxy': {
      const { url, credentials } = upstream;
      return credentials === undefined ? url : t('routing.asUser', { url, user: credentials.username });
    }
    case 'pac':
      return upstream.from === 'text'
        ? t('routing.scriptLength', { characters: upstream.source.length })
        : upstream.source;
    case 'application': {
      const { module, directory, mount } = upstream;
      if (directory === '') return mount === '/' ? module : t('routing.moduleAt', { module, mount });
      if (mount === '/') return t('routing.moduleIn', { module, directory });
      return t('routing.moduleInAt', { module, directory, mount });
    }
  }
}
