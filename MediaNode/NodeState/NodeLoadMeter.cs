using Hype.MediaNode.Configuration;
using Hype.MediaNode.Workers;
using Hype.NodeRegistry.V1;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.NodeState;

/// <summary>
/// Measures the node's load since the previous measurement. The load is the highest of three ratios between 0 and 1: CPU, busiest worker,
/// and endpoints relative to their maximum.
/// </summary>
internal sealed class NodeLoadMeter(WorkerPool pool, NodeDrain drain, IOptions<MediaNodeOptions> options, TimeProvider time)
{
    private readonly long[] _busy = new long[pool.Workers.Count];
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private long _at = time.GetTimestamp();

    public Load Measure()
    {
        var now = time.GetTimestamp();
        var elapsed = Math.Max(time.GetElapsedTime(_at, now).TotalMicroseconds, 1);
        var cpu = Environment.CpuUsage.TotalTime;
        var cpuShare = (cpu - _cpu).TotalMicroseconds / elapsed / Environment.ProcessorCount;
        (_at, _cpu) = (now, cpu);

        var busiest = 0d;
        var load = new Load { Cpu = Math.Clamp(cpuShare, 0, 1), Draining = drain.IsDraining };
        for (var i = 0; i < pool.Workers.Count; i++)
        {
            var counters = pool.Workers[i].Counters;
            busiest = Math.Max(busiest, (counters.Busy - _busy[i]) / elapsed);
            _busy[i] = counters.Busy;
            load.Endpoints += (uint)counters.Endpoints;
            load.Rooms += (uint)counters.Rooms;
            load.PacketsReceived += (ulong)counters.Received;
            load.PacketsForwarded += (ulong)counters.Forwarded;
            load.PacketsDropped += (ulong)counters.Drops.Total;
        }

        load.Load_ = Math.Clamp(Math.Max(Math.Max(load.Cpu, busiest), (double)load.Endpoints / options.Value.MaxEndpoints), 0, 1);
        return load;
    }
}
