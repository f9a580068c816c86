using Hype.MediaNode.Net;

namespace Hype.MediaClient;

/// <summary>
/// Addresses that the other side may have moved to, while they are checked beside the one that media goes to: as libwebrtc does,
/// all at once, and the best that answers wins (RFC 8445 §8.1.1). Time is in microseconds.
/// </summary>
internal sealed class MoveTrials
{
    // µs: as often as libwebrtc checks a new pair.
    private const long Interval = 50_000;

    // µs: somebody who has not answered for so long is not there.
    private const long Patience = 15_000_000;

    /// <param name="Priority">As the candidate has it; the higher one is preferred.</param>
    private readonly record struct Trial(TransportAddress Address, uint Priority, MoveWay Way, long Deadline);

    private readonly List<Trial> _trials = [];
    private uint _selected;
    private long _next;

    /// <summary>The old credentials are gone: until one of these answers there is nothing to check elsewhere.</summary>
    public bool IsRestart => _trials is [{ Way: MoveWay.IceRestart }, ..];

    /// <summary>Tries an address, unless a better one has been selected.</summary>
    public void Add(TransportAddress address, uint priority, MoveWay way, long now)
    {
        if (priority <= _selected || _trials.Exists(trial => trial.Address == address))
            return;
        _trials.Add(new Trial(address, priority, way, now + Patience));
        _next = now;
    }

    /// <summary>Nothing that was tried or selected before counts: the credentials are others.</summary>
    public void Clear()
    {
        _trials.Clear();
        _selected = 0;
    }

    /// <summary>The addresses to check now.</summary>
    public IEnumerable<TransportAddress> Due(long now)
    {
        if (_trials.Count == 0 || now < _next)
            return [];
        _next = now + Interval;
        _trials.RemoveAll(trial => now >= trial.Deadline);
        return _trials.Select(trial => trial.Address);
    }

    /// <summary>An address has answered. True: media is to go there from now on.</summary>
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
}
