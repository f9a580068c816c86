namespace Hype.MediaNode.Srtp;

/// <summary>
/// The replay window of one SSRC: which of the last 128 indices were used (RFC 3711 §3.3.2 requires at least 64). The default value has no
/// used index.
/// </summary>
internal struct ReplayWindow
{
    public const int Size = 128;

    /// <summary>The used indices as bits: bit i is set if the index <see cref="Highest"/> − i was used.</summary>
    private UInt128 _used;

    /// <summary>The highest used index; undefined while <see cref="IsEmpty"/>.</summary>
    public SrtpIndex Highest { get; private set; }

    public readonly bool IsEmpty => _used == 0;

    /// <summary>Returns a window in which <paramref name="highest"/> and all lower indices count as used.</summary>
    public static ReplayWindow UsedUpTo(SrtpIndex highest) => new() { Highest = highest, _used = UInt128.MaxValue };

    /// <summary>
    /// Returns whether an index is unused (<see cref="SrtpResult.Ok"/>), used (<see cref="SrtpResult.Replayed"/>) or below the window
    /// (<see cref="SrtpResult.TooOld"/>).
    /// </summary>
    public readonly SrtpResult Check(SrtpIndex index)
    {
        if (IsEmpty || index > Highest)
            return SrtpResult.Ok;
        var age = Highest - index;
        if (age >= Size)
            return SrtpResult.TooOld;
        return ((_used >> (int)age) & 1) != 0 ? SrtpResult.Replayed : SrtpResult.Ok;
    }

    /// <summary>Marks an index as used, after <see cref="Check"/> accepted it and, at a receiver, the packet was authenticated.</summary>
    public void Use(SrtpIndex index)
    {
        if (IsEmpty)
        {
            Highest = index;
            _used = 1;
            return;
        }

        var step = index - Highest;
        if (step > 0)
        {
            _used = step >= Size ? 1 : (_used << (int)step) | 1;
            Highest = index;
        }
        else
        {
            _used |= UInt128.One << (int)-step;
        }
    }
}
