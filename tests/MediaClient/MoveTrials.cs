using Hype.MediaNode.Net;

namespace Hype.MediaClient;

/// <summary>
/// The candidate addresses of another node that the transport may have moved to. Like libwebrtc, the peer checks all of them at once
/// besides the current address, and the best address that answers wins (RFC 8445 §8.1.1). Time is in microseconds.
/// </summary>
internal sealed class MoveTrials
{
    // µs: the interval at which libwebrtc checks a new pair.
    private const long Interval = 50_000;

    // µs after which an address without an answer is no longer checked.
    private const long Limit = 15_000_000;

    private readonly List<Trial> _trials = [];
    private uint _selected;
    private long _next;

    /// <summary>
    /// True during an ICE restart: the old credentials are invalid, and only the new addresses can be checked until one of them answers.
    /// </summary>
    public bool IsRestart => _trials is [{ Way: MoveWay.IceRestart }, ..];

    /// <summary>Adds an address to check, unless a better one has already been selected.</summary>
    public void Add(TransportAddress address, uint priority, MoveWay way, long now)
    {
        if (priority <= _selected || _trials.Exists(trial => trial.Address == address))
            return;
        _trials.Add(new Trial(address, priority, way, now + Limit));
        _next = now;
    }

    /// <summary>Removes all addresses and the selection, because new credentials make them invalid.</summary>
    public void Clear()
    {
        _trials.Clear();
        _selected = 0;
    }

    /// <summary>Returns the addresses whose next check is due.</summary>
    public IEnumerable<TransportAddress> Due(long now)
    {
        if (_trials.Count == 0 || now < _next)
            return [];
        _next = now + Interval;
        _trials.RemoveAll(trial => now >= trial.Deadline);
        return _trials.Select(trial => trial.Address);
    }

    /// <summary>Records that an address has answered. Returns true if media must go to this address from now on.</summary>
    public bool TrySelect(TransportAddress address, out MoveWay way)
    {
        var index = _trials.FindIndex(trial => trial.Address == address);
        way = index < 0 ? default : _trials[index].Way;
        if (index < 0)
            return false;
        _selected = _trials[index].Priority;
        _trials.RemoveAll(trial => trial.Priority <= _selected);
        return true;
    }

    /// <param name="Priority">The candidate's priority; the higher one is preferred.</param>
    private readonly record struct Trial(TransportAddress Address, uint Priority, MoveWay Way, long Deadline);
}
