using Hype.Grains.Placement;

namespace Hype.Silo.Clustering;

/// <summary>Says in each call where it comes from, for <see cref="RegionPlacement"/>.</summary>
internal sealed class RegionOfCaller(string region) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(RegionPlacement.ContextKey, region);
        return context.Invoke();
    }
}
