using System.Diagnostics;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Diagnostics;

/// <summary>
/// Traces each change of a channel's layout as a span, from the opening of the layout to its commit. The span contains the spans of
/// placements, node orders and client reports. Without a listener, no spans are created.
/// </summary>
internal sealed class LayoutTrace : IDisposable
{
    private static readonly ActivitySource Source = new(GrainMetrics.MeterName);

    private Activity? _change;
    private LayoutEpoch _epoch;

    /// <summary>
    /// Starts a span if the step opens a layout; the spans of the step's effects then belong to it. Returns the previous
    /// <see cref="Activity.Current"/>, which <see cref="Leave"/> restores.
    /// </summary>
    /// <param name="effects">The effects of the step.</param>
    /// <param name="current">The layout that members use. The first layout is not a change: it is part of the first join.</param>
    public Activity? Enter(IReadOnlyList<ChannelEffect> effects, LayoutEpoch current)
    {
        var before = Activity.Current;
        if (!Source.HasListeners())
            return before;
        var opened = effects.Select(OpenedBy).DefaultIfEmpty().Max();
        if (opened > _epoch && (opened > current || effects.Any(effect => effect is Switched)))
        {
            _epoch = opened;
            // A newer layout replaces one that is not committed yet.
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
        _change?.SetTag("hype.mode", WireEnum<ChannelMode>.NameOf(layout.Mode))
            .SetTag("hype.reason", WireEnum<ModeReason>.NameOf(layout.Reason)).Stop();
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
