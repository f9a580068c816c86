using Hype.Grains.Abstractions.Regions;

namespace Hype.Clustering;

/// <summary>Adds the caller's region to each grain call, so that new grains are activated near their first caller.</summary>
internal sealed class CallerRegionFilter(string region) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(CallerRegion.ContextKey, region);
        return context.Invoke();
    }
}
