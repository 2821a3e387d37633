import { useEffect, useState } from 'react';
import { engineNow } from '../../store/trace-store.ts';
import { useInspector, useSession } from '../inspector-context.tsx';

/** The engine's wall clock in epoch milliseconds, second by second. */
export function useNow(): number {
  const { trace } = useInspector();
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const [now, setNow] = useState(() => engineNow(trace.getState()));
  useEffect(() => {
    const timer = setInterval(() => setNow(engineNow(trace.getState())), 1000);
    return () => clearInterval(timer);
  }, [trace]);
  return epoch + now;
}
