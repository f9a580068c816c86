namespace Hype.LoadTest.Signaling;

/// <summary>The member numbers of the channel's current members. Safe from any thread.</summary>
internal sealed class MemberNumbers
{
    private readonly Lock _gate = new();
    private readonly HashSet<uint> _numbers = [];

    public void Replace(IEnumerable<uint> numbers)
    {
        lock (_gate)
        {
            _numbers.Clear();
            _numbers.UnionWith(numbers);
        }
    }

    public void Change(IEnumerable<uint> joined, IEnumerable<uint> left)
    {
        lock (_gate)
        {
            _numbers.UnionWith(joined);
            _numbers.ExceptWith(left);
        }
    }

    public uint[] Others(uint self)
    {
        lock (_gate)
            return [.. _numbers.Where(number => number != self)];
    }
}
