using System.Runtime.InteropServices;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// The replay windows of the SSRCs under one key, of which there are few: a scan finds an SSRC faster than a hash table.
/// </summary>
/// <param name="capacity">The expected number of SSRCs: no allocation until there are more.</param>
/// <param name="limit">The maximum number of SSRCs.</param>
internal sealed class SsrcWindows(int capacity, int limit)
{
    private Ssrc[] _ssrcs = new Ssrc[capacity];
    private ReplayWindow[] _windows = new ReplayWindow[capacity];
    private int _count;

    public int Count => _count;

    public bool IsFull => _count == limit;

    public ref ReplayWindow this[int entry] => ref _windows[entry];

    public Ssrc SsrcOf(int entry) => _ssrcs[entry];

    /// <summary>Returns the position of an SSRC's window; −1: the SSRC is unknown.</summary>
    public int Find(Ssrc ssrc) => MemoryMarshal.Cast<Ssrc, uint>(_ssrcs.AsSpan(0, _count)).IndexOf(ssrc.Value);

    public int Add(Ssrc ssrc)
    {
        if (_count == _ssrcs.Length)
        {
            var larger = Math.Min(Math.Max(4, 2 * _count), limit);
            Array.Resize(ref _ssrcs, larger);
            Array.Resize(ref _windows, larger);
        }

        _ssrcs[_count] = ssrc;
        return _count++;
    }

    public bool TryGetHighest(Ssrc ssrc, out SrtpIndex index)
    {
        var entry = Find(ssrc);
        index = entry >= 0 ? _windows[entry].Highest : default;
        return entry >= 0 && !_windows[entry].IsEmpty;
    }
}
