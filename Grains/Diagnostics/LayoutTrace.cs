using System.Diagnostics;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Channels;

namespace Hype.Grains.Diagnostics;

/// <summary>
/// A channel's changes of layout as spans, from opening to commit: placement, the nodes' orders and what clients say of it are inside.
/// Without a listener nothing is made.
/// </summary>
internal sealed class LayoutTrace : IDisposable
{
    private static readonly ActivitySource Source = new(GrainMetrics.MeterName);

    private Activity? _change;
    private LayoutEpoch _epoch;

    /// <summary>
    /// What the step does is part of a change, if it opens one. Returns whose <see cref="Activity.Current"/> it was before; to be given
    /// back to <see cref="Leave"/>.
    /// </summary>
    /// <param name="effects">What the step does.</param>
    /// <param name="current">The epoch that members play. The first layout is not a change: it is part of the join that made it.</param>
    public Activity? Enter(IReadOnlyList<ChannelEffect> effects, LayoutEpoch current)
    {
        var before = Activity.Current;
        if (!Source.HasListeners())
            return before;

        var opened = effects.Select(OpenedBy).DefaultIfEmpty().Max();
        if (opened > _epoch && (opened > current || effects.Any(effect => effect is Switched)))
        {
            _epoch = opened;
            // A newer layout takes the place of one that is not committed yet.
            _change?.Stop();
            _change = Source.StartActivity("layout")?.SetTag("hype.epoch", opened.Value);
        }

        return before;
    }

    public static void Leave(Activity? before) => Activity.Current = before;

    public void Committed(Layout layout)
    {
        if (layout.Epoch != _epoch)
            return;

        _change?.SetTag("hype.mode", WireEnum<ChannelMode>.NameOf(layout.Mode)).SetTag("hype.reason", WireEnum<ModeReason>.NameOf(layout.Reason)).Stop();
        _change = null;
    }

    public void Dispose() => _change?.Dispose();

    private static LayoutEpoch OpenedBy(ChannelEffect effect) => effect switch
    {
        PlaceRoom place => place.Layout,
        PublishToAll { Event: LayoutOpened opened } => opened.Layout.Epoch,
        _ => default,
    };
}
