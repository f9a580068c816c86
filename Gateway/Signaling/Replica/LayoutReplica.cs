using System.Diagnostics;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// This gateway's copy of a channel's layouts: the current one, and the pending one during a switch. Epochs only increase, so an older
/// layout never replaces a newer one, whichever way it arrived.
/// </summary>
internal sealed class LayoutReplica
{
    private (LayoutEpoch Epoch, ActivityContext Trace) _opened;

    /// <summary>The layout that members use now; null until the first snapshot.</summary>
    public Layout? Current { get; private set; }

    public Layout? Pending { get; private set; }

    /// <summary>The mode that members use now.</summary>
    public ChannelMode Mode => Current?.Mode ?? ChannelMode.P2P;

    private LayoutEpoch NewestEpoch => (Pending ?? Current)?.Epoch ?? default;

    /// <summary>Returns the current or the pending layout with this epoch; null when neither has it.</summary>
    public Layout? Find(LayoutEpoch epoch) => Pending?.Epoch == epoch ? Pending : Current?.Epoch == epoch ? Current : null;

    /// <summary>Returns the mode of the pending layout if it has this epoch, otherwise that of the current layout.</summary>
    public ChannelMode ModeOf(LayoutEpoch epoch) => (Pending?.Epoch == epoch ? Pending : Current)?.Mode ?? ChannelMode.P2P;

    /// <summary>Returns the trace context of the switch that opened the pending layout; the default value when there is none.</summary>
    public ActivityContext TraceOf(LayoutEpoch epoch) => epoch == Pending?.Epoch && epoch == _opened.Epoch ? _opened.Trace : default;

    public void Load(ChannelSnapshot snapshot)
    {
        Commit(snapshot.Current);
        if (snapshot.Pending is { } pending && pending.Epoch > NewestEpoch)
            Pending = pending;
    }

    /// <param name="layout">The layout that the members build.</param>
    /// <param name="trace">The trace of the change.</param>
    public void Open(Layout layout, ActivityContext trace)
    {
        if (layout.Epoch < NewestEpoch || layout.Epoch == Current?.Epoch)
            return;
        // The layout may be known already, from the snapshot of a join.
        Pending = layout;
        _opened = (layout.Epoch, trace);
    }

    public void Commit(Layout layout)
    {
        if (layout.Epoch <= (Current?.Epoch ?? default))
            return;
        Current = layout;
        if (Pending?.Epoch <= layout.Epoch)
            Pending = null;
    }

    /// <summary>
    /// Returns the newer of this copy and a snapshot that a join or resume returned, separately for the current and the pending layout.
    /// </summary>
    public (Layout Current, Layout? Pending) NewerOf(ChannelSnapshot snapshot)
    {
        var current = Current is { } known && known.Epoch > snapshot.Current.Epoch ? known : snapshot.Current;
        var pending = (Pending?.Epoch ?? default) > (snapshot.Pending?.Epoch ?? default) ? Pending : snapshot.Pending;
        return (current, pending?.Epoch > current.Epoch ? pending : null);
    }
}
