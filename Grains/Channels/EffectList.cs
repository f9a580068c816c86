namespace Hype.Grains.Channels;

/// <summary>
/// Collects the effects of a step in the order in which they must be carried out. All parts of a channel share one list.
/// </summary>
internal sealed class EffectList
{
    private List<ChannelEffect> _effects = [];

    public int Count => _effects.Count;

    public void Add(ChannelEffect effect) => _effects.Add(effect);

    public void Insert(int index, ChannelEffect effect) => _effects.Insert(index, effect);

    /// <summary>The index of the first match at <paramref name="start"/> or later; -1 if there is none.</summary>
    public int FindIndex(int start, Predicate<ChannelEffect> match) => _effects.FindIndex(start, match);

    /// <summary>Returns the collected effects and starts an empty list.</summary>
    public IReadOnlyList<ChannelEffect> Take()
    {
        var taken = _effects;
        _effects = [];
        return taken;
    }
}
