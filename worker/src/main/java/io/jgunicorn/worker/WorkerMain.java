package io.jgunicorn.worker;

import io.jgunicorn.log.LogFile;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Entry of a worker process, started by the master only: {@code WorkerMain CONTROL_ADDRESS
 * MASTER_PID DESCRIPTOR_COUNT}. The main thread only wires and ends; the process lives on the
 * control loop, the HTTP loop and the Python threads.
 */
public final class WorkerMain {
    private WorkerMain() {}

    /** Connects to the master and boots as soon as it has sent the configuration. */
    public static void main(String[] args) {
        if (args.length != 3) {
            LogFile.stderr()
                    .write(
                            "jgunicorn worker: started by the master only; got "
                                    + args.length
                                    + " arguments instead of 3"
                                    + "\n");
            Runtime.getRuntime().exit(2);
        }
        long masterPid = Long.parseLong(args[1]);
        int descriptors = Integer.parseInt(args[2]);
        EventLoopGroup control =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("control", false), EpollIoHandler.newFactory());
        Worker worker = new Worker(control.next(), masterPid);
        new MasterLink(control, masterPid, descriptors, worker).connect(args[0]);
    }
}
