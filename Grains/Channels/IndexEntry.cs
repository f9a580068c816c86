using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels;

/// <summary>
/// Reports the channel's entry to the channel index: after each change, and periodically so that the entry does not expire.
/// </summary>
/// <param name="incarnation">The number of the channel's activation.</param>
internal sealed class IndexEntry(ChannelId channel, long incarnation, IGrainFactory grains, BackgroundWork work)
{
    private ReportNumber _number = new(incarnation, 0);
    private Task _sending = Task.CompletedTask;
    private Task? _waiting;
    private bool _created;
    private ChannelSummary? _reported;

    private IChannelIndexGrain Index => grains.GetGrain<IChannelIndexGrain>(IChannelIndexGrain.ShardOf(channel));

    /// <summary>Reports a summary if it differs from the last reported one. A channel that never had members needs no entry.</summary>
    public void Update(ChannelSummary summary)
    {
        if (_reported != summary && (_reported is not null || summary.Participants > 0))
            Renew(summary);
    }

    public void Renew(ChannelSummary summary)
    {
        _reported = summary;
        var number = _number = _number.Next();
        work.Start(() => Index.Report(summary, number), "report to the channel index");
    }

    /// <summary>
    /// Stores in the index that the channel was created by name, or that it no longer is. One call at a time is on its way, because the
    /// index stores the value of the call that arrives last. Of the values that wait for its end, only the newest one is sent.
    /// </summary>
    public Task SetCreatedAsync(bool created)
    {
        _created = created;
        return _waiting ?? (_sending.IsCompleted ? SendAsync() : _waiting = AfterAsync(_sending));
    }

    private async Task AfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _waiting = null;
        await SendAsync();
    }

    private Task SendAsync() => _sending = Index.SetCreated(channel, _created);
}
