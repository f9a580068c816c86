namespace Hype.MediaNode.Diagnostics;

/// <summary>
/// The counters of the datagrams that one worker has dropped, by reason: written by the worker's thread only, readable by any thread.
/// </summary>
internal sealed class DropCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    public long this[DropReason reason] => Volatile.Read(ref _counts[(int)reason]);

    public long Total
    {
        get
        {
            var total = 0L;
            for (var i = 0; i < _counts.Length; i++)
                total += Volatile.Read(ref _counts[i]);
            return total;
        }
    }

    public void Add(DropReason reason) => Volatile.Write(ref _counts[(int)reason], _counts[(int)reason] + 1);
}
