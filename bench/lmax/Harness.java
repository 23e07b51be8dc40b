// SPDX-License-Identifier: MIT
// One contender's run of the LMAX Disruptor itself: the same jobs, handlers, ring sizes and events as in the C++ files beside it.
//   java Harness TOPOLOGY WAIT BATCH EVENTS WARM_UP_MS CPUS [LINKS]
// runs the job again and again until the time for warming up has passed, then once more, and prints one line: wall nanoseconds,
// processor nanoseconds of the process (or, of round trips: p50, p99, p99.9 and processor nanoseconds), then the results.
// CPUS, as in 0,1: the thread of position n is pinned to the n-th if there are enough for all threads. The threads pin themselves.

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventFactory;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.LifecycleAware;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

public final class Harness {
    // ---- what a run is
    static String wait;
    static int batch;
    static String[] cpus;
    static int links;

    static WaitStrategy strategy() {
        switch (wait) {
            case "yielding": return new YieldingWaitStrategy();
            case "busy-spin": return new BusySpinWaitStrategy();
            case "blocking": return new BlockingWaitStrategy();
            default: throw new IllegalArgumentException(wait);
        }
    }

    /** What one pass has to say. */
    static final class Outcome {
        double[] times;
        long cpu;
        long[] results;
    }

    interface Job {
        Outcome run(long events) throws Exception;
    }

    static long cpuTime() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** A refusal is ignored: the run is slower or noisier, never wrong. */
    static void pin(int position, int threads) {
        if (cpus.length < threads) return;
        try {
            String thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
            new ProcessBuilder("taskset", "-pc", cpus[position], thread).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException | InterruptedException e) {
            // as it is
        }
    }

    /** A handler that says when it has started and when it has seen the last event. */
    abstract static class Stage<E> implements EventHandler<E>, LifecycleAware {
        final CountDownLatch started = new CountDownLatch(1);
        final CountDownLatch done = new CountDownLatch(1);
        long last;

        @Override public void onStart() { started.countDown(); }
        @Override public void onShutdown() { }
    }

    interface Fill<E> {
        void fill(E event, long i);
    }

    /** A ring, its stages with what each of them waits for, and the threads of all. Position 0 is the producer's. */
    static final class Graph<E> {
        final RingBuffer<E> ring;
        final List<BatchEventProcessor<E>> processors = new ArrayList<>();
        final List<Stage<E>> stages = new ArrayList<>();
        final int threads;

        Graph(EventFactory<E> make, int size, boolean many, int threads) {
            ring = many ? RingBuffer.createMultiProducer(make, size, strategy()) : RingBuffer.createSingleProducer(make, size, strategy());
            this.threads = threads;
        }

        /** Adds a stage behind those of these numbers; none: behind the producer. */
        void stage(Stage<E> handler, int... behind) {
            Sequence[] of = Arrays.stream(behind).mapToObj(b -> processors.get(b).getSequence()).toArray(Sequence[]::new);
            processors.add(new BatchEventProcessor<>(ring, ring.newBarrier(of), handler));
            stages.add(handler);
        }

        void start(long last, int... gates) throws InterruptedException {
            for (int g : gates) ring.addGatingSequences(processors.get(g).getSequence());
            for (int i = 0; i < processors.size(); i++) {
                stages.get(i).last = last;
                int position = i + 1;
                Runnable processor = processors.get(i);
                thread(() -> {
                    pin(position, threads);
                    processor.run();
                });
            }
            for (Stage<E> s : stages) s.started.await();
        }

        void finish() throws InterruptedException {
            for (Stage<E> s : stages) s.done.await();
        }

        void halt() {
            for (BatchEventProcessor<E> p : processors) p.halt();
        }
    }

    static Thread thread(Runnable work) {
        Thread t = new Thread(work);
        t.setDaemon(true);
        t.setUncaughtExceptionHandler((which, what) -> {
            what.printStackTrace();
            System.exit(1);
        });
        t.start();
        return t;
    }

    static <E> void publishSingly(RingBuffer<E> ring, long events, Fill<E> fill) {
        for (long i = 0; i < events; i++) {
            long at = ring.next();
            fill.fill(ring.get(at), i);
            ring.publish(at);
        }
    }

    static <E> void publishBatches(RingBuffer<E> ring, long events, int batch, Fill<E> fill) {
        for (long i = 0; i < events; ) {
            int n = (int) Math.min(batch, events - i);
            long hi = ring.next(n);
            long lo = hi - n + 1;
            for (long at = lo; at <= hi; at++) fill.fill(ring.get(at), i++);
            ring.publish(lo, hi);
        }
    }

    /** One producer publishes all events into a graph whose stages stand ready. */
    static <E> Outcome drive(Graph<E> graph, long events, Fill<E> fill) throws InterruptedException {
        Outcome o = new Outcome();
        long[] begin = new long[2];
        thread(() -> {
            pin(0, graph.threads);
            begin[1] = cpuTime();
            begin[0] = System.nanoTime();
            if (batch == 1) publishSingly(graph.ring, events, fill);
            else publishBatches(graph.ring, events, batch, fill);
        }).join();
        graph.finish();
        o.times = new double[] {System.nanoTime() - begin[0]};
        o.cpu = cpuTime() - begin[1];
        graph.halt();
        return o;
    }

    // ---- events
    static final class Number {
        long value;
    }
    static final class Sum {
        long a, b, r1, r2;
    }
    static final class FizzBuzz {
        long value;
        boolean fizz, buzz;
    }
    static final class Worked {
        long value;
        long worked;
    }

    // ---- unicast
    static final class AddUp extends Stage<Number> {
        long sum;
        @Override public void onEvent(Number e, long sequence, boolean endOfBatch) {
            sum += e.value;
            if (sequence == last) done.countDown();
        }
    }

    static Outcome unicast(long events) throws InterruptedException {
        Graph<Number> g = new Graph<>(Number::new, 65536, false, 2);
        AddUp consumer = new AddUp();
        g.stage(consumer);
        g.start(events - 1, 0);
        Outcome o = drive(g, events, (e, i) -> e.value = i);
        o.results = new long[] {consumer.sum};
        return o;
    }

    // ---- many
    static Outcome many(long events) throws InterruptedException {
        final int producers = 3;
        Graph<Number> g = new Graph<>(Number::new, 65536, true, 2);  // as ours: the consumer alone, the producers share what else there is
        AddUp consumer = new AddUp();
        g.stage(consumer);
        long each = events / producers;
        g.start(each * producers - 1, 0);
        CountDownLatch ready = new CountDownLatch(producers);
        CountDownLatch go = new CountDownLatch(1);
        for (int p = 0; p < producers; p++) {
            int other = cpus.length > 1 ? p % (cpus.length - 1) : 0, position = other == 0 ? 0 : other + 1;
            thread(() -> {
                pin(position, 2);
                ready.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                if (batch == 1) publishSingly(g.ring, each, (Number e, long i) -> e.value = i);
                else publishBatches(g.ring, each, batch, (Number e, long i) -> e.value = i);
            });
        }
        ready.await();
        Outcome o = new Outcome();
        long cpu = cpuTime();
        long begin = System.nanoTime();
        go.countDown();
        g.finish();
        o.times = new double[] {System.nanoTime() - begin};
        o.cpu = cpuTime() - cpu;
        g.halt();
        o.results = new long[] {consumer.sum};
        return o;
    }

    // ---- chain3
    static final class Add extends Stage<Sum> {
        @Override public void onEvent(Sum e, long sequence, boolean endOfBatch) {
            e.r1 = e.a + e.b;
            if (sequence == last) done.countDown();
        }
    }
    static final class AddThree extends Stage<Sum> {
        @Override public void onEvent(Sum e, long sequence, boolean endOfBatch) {
            e.r2 = e.r1 + 3;
            if (sequence == last) done.countDown();
        }
    }
    static final class CountFours extends Stage<Sum> {
        long count;
        @Override public void onEvent(Sum e, long sequence, boolean endOfBatch) {
            count += (e.r2 >> 2) & 1;
            if (sequence == last) done.countDown();
        }
    }

    static Outcome chain3(long events) throws InterruptedException {
        Graph<Sum> g = new Graph<>(Sum::new, 8192, false, 4);
        CountFours counting = new CountFours();
        g.stage(new Add());
        g.stage(new AddThree(), 0);
        g.stage(counting, 1);
        g.start(events - 1, 2);
        Outcome o = drive(g, events, (e, i) -> {
            e.a = i;
            e.b = 7;
        });
        o.results = new long[] {counting.count};
        return o;
    }

    // ---- chain8
    static final class Change extends Stage<Number> {
        final long k;
        Change(long k) { this.k = k; }
        @Override public void onEvent(Number e, long sequence, boolean endOfBatch) {
            e.value = e.value * 0x9E3779B97F4A7C15L + k;
            if (sequence == last) done.countDown();
        }
    }
    static final class Fold extends Stage<Number> {
        long folded;
        @Override public void onEvent(Number e, long sequence, boolean endOfBatch) {
            folded ^= e.value;
            if (sequence == last) done.countDown();
        }
    }

    static Outcome chain8(long events) throws InterruptedException {
        Graph<Number> g = new Graph<>(Number::new, 8192, false, 8);
        for (int k = 1; k <= 6; k++) {
            if (k == 1) g.stage(new Change(k));
            else g.stage(new Change(k), k - 2);
        }
        Fold fold = new Fold();
        g.stage(fold, 5);
        g.start(events - 1, 6);
        Outcome o = drive(g, events, (e, i) -> e.value = i);
        o.results = new long[] {fold.folded};
        return o;
    }

    // ---- diamond
    static final class SetFizz extends Stage<FizzBuzz> {
        @Override public void onEvent(FizzBuzz e, long sequence, boolean endOfBatch) {
            e.fizz = e.value % 3 == 0;
            if (sequence == last) done.countDown();
        }
    }
    static final class SetBuzz extends Stage<FizzBuzz> {
        @Override public void onEvent(FizzBuzz e, long sequence, boolean endOfBatch) {
            e.buzz = e.value % 5 == 0;
            if (sequence == last) done.countDown();
        }
    }
    static final class CountBoth extends Stage<FizzBuzz> {
        long count;
        @Override public void onEvent(FizzBuzz e, long sequence, boolean endOfBatch) {
            if (e.fizz && e.buzz) count++;
            if (sequence == last) done.countDown();
        }
    }

    static Outcome diamond(long events) throws InterruptedException {
        Graph<FizzBuzz> g = new Graph<>(FizzBuzz::new, 8192, false, 4);
        CountBoth both = new CountBoth();
        g.stage(new SetFizz());
        g.stage(new SetBuzz());
        g.stage(both, 0, 1);
        g.start(events - 1, 2);
        Outcome o = drive(g, events, (e, i) -> e.value = i);
        o.results = new long[] {both.count};
        return o;
    }

    // ---- multicast
    static final class Subtract extends Stage<Number> {
        long value;
        @Override public void onEvent(Number e, long sequence, boolean endOfBatch) {
            value -= e.value;
            if (sequence == last) done.countDown();
        }
    }
    static final class And extends Stage<Number> {
        long value = -1;
        @Override public void onEvent(Number e, long sequence, boolean endOfBatch) {
            value &= e.value | 1;
            if (sequence == last) done.countDown();
        }
    }

    static Outcome multicast(long events) throws InterruptedException {
        Graph<Number> g = new Graph<>(Number::new, 8192, false, 4);
        AddUp add = new AddUp();
        Subtract subtract = new Subtract();
        And and = new And();
        g.stage(add);
        g.stage(subtract);
        g.stage(and);
        g.start(events - 1, 0, 1, 2);
        Outcome o = drive(g, events, (e, i) -> e.value = i + 1);
        o.results = new long[] {add.sum, subtract.value, and.value};
        return o;
    }

    // ---- ordered_parallel: two processors that take every other event, and a fold behind both
    static long factor = 0x9e3779b97f4a7c15L;  // no constant: of two links with a constant the compiler makes one
    static long burn(int links, long x) {
        long f = factor;
        for (int i = links; i > 0; i--) x = x * f + 1;
        return x;
    }
    static final class WorkInTurns extends Stage<Worked> {
        final long mine;
        long burnt;  // so that nothing can be left out
        WorkInTurns(long mine) { this.mine = mine; }
        @Override public void onEvent(Worked e, long sequence, boolean endOfBatch) {
            if ((sequence & 1) == mine) {
                burnt ^= burn(links, e.value);
                e.worked = e.value * 3 + 1;
            }
            if (sequence == last) done.countDown();
        }
    }
    static final class FoldWorked extends Stage<Worked> {
        long folded;
        @Override public void onEvent(Worked e, long sequence, boolean endOfBatch) {
            folded = folded * 31 + e.worked;
            if (sequence == last) done.countDown();
        }
    }

    static volatile long nobodyReads;

    static Outcome orderedParallel(long events) throws InterruptedException {
        Graph<Worked> g = new Graph<>(Worked::new, 8192, false, 4);
        WorkInTurns even = new WorkInTurns(0);
        WorkInTurns odd = new WorkInTurns(1);
        FoldWorked fold = new FoldWorked();
        g.stage(even);
        g.stage(odd);
        g.stage(fold, 0, 1);
        g.start(events - 1, 2);
        Outcome o = drive(g, events, (e, i) -> e.value = i);
        nobodyReads = even.burnt ^ odd.burnt;
        o.results = new long[] {fold.folded};
        return o;
    }

    // ---- ping_pong
    static final class Reply extends Stage<Number> {
        final RingBuffer<Number> back;
        Reply(RingBuffer<Number> back) { this.back = back; }
        @Override public void onEvent(Number e, long sequence, boolean endOfBatch) {
            long at = back.next();
            back.get(at).value = e.value;
            back.publish(at);
            if (sequence == last) done.countDown();
        }
    }

    static Outcome pingPong(long events) throws InterruptedException {
        long warmUp = events / 10;
        long trips = warmUp + events;
        RingBuffer<Number> back = RingBuffer.createSingleProducer(Number::new, 1024, strategy());
        Sequence pinging = new Sequence();
        back.addGatingSequences(pinging);
        SequenceBarrier barrier = back.newBarrier();
        Graph<Number> g = new Graph<>(Number::new, 1024, false, 2);
        g.stage(new Reply(back));
        g.start(trips - 1, 0);
        long[] took = new long[(int) events];
        Outcome o = new Outcome();
        thread(() -> {
            pin(0, 2);
            long cpu = 0;
            try {
                for (long i = 1; i <= trips; i++) {
                    if (i == warmUp + 1) cpu = cpuTime();
                    long begin = System.nanoTime();
                    long at = g.ring.next();
                    g.ring.get(at).value = i;
                    g.ring.publish(at);
                    barrier.waitFor(i - 1);
                    long answer = back.get(i - 1).value;
                    pinging.set(i - 1);
                    long end = System.nanoTime();
                    if (i > warmUp) took[(int) (i - warmUp - 1)] = end - begin;
                    if (answer != i) throw new IllegalStateException("got " + answer + " for " + i);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            o.cpu = cpuTime() - cpu;
        }).join();
        g.finish();
        g.halt();
        Arrays.sort(took);
        o.times = new double[3];
        double[] shares = {0.5, 0.99, 0.999};
        for (int i = 0; i < 3; i++) o.times[i] = took[(int) (shares[i] * (took.length - 1))];
        o.results = new long[] {trips};
        return o;
    }

    static Job job(String topology) {
        switch (topology) {
            case "unicast": return Harness::unicast;
            case "many": return Harness::many;
            case "chain3": return Harness::chain3;
            case "chain8": return Harness::chain8;
            case "diamond": return Harness::diamond;
            case "multicast": return Harness::multicast;
            case "ordered_parallel": return Harness::orderedParallel;
            case "ping_pong": return Harness::pingPong;
            default: throw new IllegalArgumentException(topology);
        }
    }

    public static void main(String[] words) throws Exception {
        Job job = job(words[0]);
        wait = words[1];
        batch = Integer.parseInt(words[2]);
        long events = Long.parseLong(words[3]);
        long warmUp = Long.parseLong(words[4]) * 1_000_000;
        cpus = words[5].split(",");
        links = words.length > 6 ? Integer.parseInt(words[6]) : 0;
        long begin = System.nanoTime();
        while (warmUp > 0 && System.nanoTime() - begin < warmUp) job.run(events);
        Outcome o = job.run(events);
        StringBuilder line = new StringBuilder("millrace-lmax");
        for (double t : o.times) line.append(' ').append(t);
        line.append(' ').append(o.cpu);
        for (long r : o.results) line.append(' ').append(r);
        System.out.println(line);
        System.exit(0);
    }
}
