using Hype.Gateway.Cluster;
using Hype.Gateway.Errors;

namespace Hype.Gateway.Control.Rest;

/// <summary>Turns a grain call that failed into the error that the caller can act on.</summary>
internal sealed partial class GrainFailureFilter(ILogger<GrainFailureFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (!context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            LogFailed(context.HttpContext.Request.Method, context.HttpContext.Request.Path, exception);
            return Problems.For(GrainAccess.ErrorOf(exception));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Method} {Path} could not be served")]
    private partial void LogFailed(string method, string path, Exception exception);
}
