using Hype.Gateway.Cluster;
using Hype.Gateway.Errors;

namespace Hype.Gateway.Control.Rest;

/// <summary>Answers a REST request after a failed grain call: the error states whether a retry makes sense.</summary>
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to serve {Method} {Path}")]
    private partial void LogFailed(string method, string path, Exception exception);
}
