using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rooms;

/// <summary>A member as a receiver of audio: the streams of its slots, and the member's reports on them.</summary>
internal sealed class Subscriber
{
    private readonly SlotStream[] _slots;
    private bool _reported;
    private double _worstLoss;
    private double _worstJitter;
    private double _roundTrip;

    public Subscriber(ReadOnlySpan<Ssrc> slotSsrcs, bool canListen)
    {
        _slots = new SlotStream[slotSsrcs.Length];
        for (var i = 0; i < slotSsrcs.Length; i++)
            _slots[i] = new SlotStream(slotSsrcs[i]);
        CanListen = canListen;
    }

    /// <summary>True if the member holds the grant to listen and is not deafened.</summary>
    public bool CanListen { get; set; }

    public int SlotCount => _slots.Length;

    public ref SlotStream Slot(int index) => ref _slots[index];

    /// <summary>Handles a report block on one of the member's slots; blocks with other SSRCs are ignored.</summary>
    /// <param name="block">RFC 3550 §6.4.1.</param>
    /// <param name="arrival">The report's arrival, NTP.</param>
    public void OnReportBlock(in ReportBlock block, ulong arrival)
    {
        if (!HasSlot(block.Ssrc))
            return;
        _reported = true;
        _worstLoss = Math.Max(_worstLoss, block.FractionLost * 100.0 / 256);
        _worstJitter = Math.Max(_worstJitter, block.Jitter * 1000.0 / SlotStream.ClockRate);
        if (block.TryGetRoundTrip(arrival, out var roundTrip))
            (HasRoundTrip, _roundTrip) = (true, roundTrip / 1000.0);
    }

    /// <summary>True if a round trip was measured. The measured value may be 0, for example on one machine.</summary>
    public bool HasRoundTrip { get; private set; }

    /// <summary>The worst quality that the member has reported since the last <see cref="TakeQuality"/>; null: no report.</summary>
    public PathQuality? Reported => _reported ? new PathQuality(_worstLoss, _worstJitter, _roundTrip) : null;

    /// <summary>
    /// Returns the worst quality since the last call: the member's reports on its slots, combined with the given uplink values.
    /// </summary>
    public PathQuality TakeQuality(double uplinkLossPercent, double uplinkJitterMs)
    {
        var quality = new PathQuality(Math.Max(_worstLoss, uplinkLossPercent), Math.Max(_worstJitter, uplinkJitterMs), _roundTrip);
        _reported = false;
        _worstLoss = 0;
        _worstJitter = 0;
        return quality;
    }

    private bool HasSlot(Ssrc ssrc)
    {
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.Ssrc == ssrc)
                return true;
        }

        return false;
    }
}
