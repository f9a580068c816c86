using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>
/// A channel's events for one receiver on their way to its outbox. An event leaves only after the channel has stored the decision that it tells of,
/// and it is in the same record: so a channel that comes back tells what its last life did not, and nobody was told what it does not know.
/// </summary>
internal sealed class WebhookLine
{
    private readonly string _receiver;
    private readonly int _most;
    private readonly List<WebhookEvent> _events;
    private long _last;
    private long _stored;
    private bool _over;
    private bool? _saidOver;
    private int _onTheirWay;

    /// <param name="receiver">The receiver's name.</param>
    /// <param name="before">What is stored of it; null: nothing.</param>
    /// <param name="over">Nobody was in the channel when it was last stored; null: it never was.</param>
    /// <param name="most">Above it the oldest that are not on their way are dropped.</param>
    public WebhookLine(string receiver, UntoldEvents? before, bool? over, int most)
    {
        (_receiver, _most) = (receiver, most);
        _events = [.. before?.Events ?? []];
        _last = _stored = before?.LastSequence ?? 0;
        // What the outbox was told last is not known. Of a channel that was never stored it cannot know.
        (_over, _saidOver) = (over ?? true, over is null ? true : null);
    }

    public UntoldEvents Untold => new(_receiver, _last, [.. _events]);

    /// <param name="write">Gets the event's sequence number.</param>
    /// <returns>How many were dropped for it.</returns>
    public int Add(Func<long, WebhookEvent> write)
    {
        _events.Add(write(++_last));
        var dropped = Math.Min(Math.Max(0, _events.Count - _most), _events.Count - _onTheirWay);
        _events.RemoveRange(_onTheirWay, dropped);
        return dropped;
    }

    /// <param name="untold">Is stored now.</param>
    /// <param name="over">Nobody is in the channel, as it is stored.</param>
    public void Stored(UntoldEvents untold, bool over)
    {
        if (untold.LastSequence >= _stored)
            (_stored, _over) = (untold.LastSequence, over);
    }

    /// <summary>What to say to the outbox next; the same again when the last was not acknowledged. Null: nothing.</summary>
    public WebhookAppend? Next(int size)
    {
        if (_onTheirWay == 0)
            _onTheirWay = _events.Take(size).TakeWhile(happened => happened.Sequence <= _stored).Count();
        var over = _over && _onTheirWay == _events.Count;
        // Without an event only when none is left that will say it.
        return _onTheirWay == 0 && (over == _saidOver || _events.Count > 0) ? null : new WebhookAppend([.. _events.Take(_onTheirWay)], over);
    }

    /// <summary>The outbox has stored it.</summary>
    public void Acknowledge(WebhookAppend append)
    {
        _events.RemoveRange(0, append.Events.Length);
        _onTheirWay = 0;
        _saidOver = append.Over;
    }
}

/// <param name="Over">Nobody is in the channel, and these were the last events.</param>
internal sealed record WebhookAppend(WebhookEvent[] Events, bool Over);
